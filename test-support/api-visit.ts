import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { ApiMessage, ApiPage, ApiVisitorSession } from '../web-app/src/front-doors/console-api/wire.ts';
import { httpCaller, type Answer, type HttpCaller } from './http-calls.ts';

/** A visitor who has begun, and what they were told. */
export interface Visit {
  session: ApiVisitorSession;
  /** Calls with the visitor's token. */
  calls: HttpCaller;
  conversationId: number;
}

export async function visit(webUrl: string, businessId: string, more: object = {}): Promise<Visit> {
  const request = { businessId, page: 'https://shop.example/cart', ...more };
  const answer = await httpCaller(webUrl).json<ApiVisitorSession>('POST', '/api/v1/visitor-session', request);
  const { token, conversation } = answer.body;
  if (answer.status !== 200 || token === null || conversation === null) throw new Error(JSON.stringify(answer.body));
  const calls = httpCaller(webUrl, { Authorization: `Bearer ${token}` });
  return { session: answer.body, calls, conversationId: conversation.id };
}

export function say(calls: HttpCaller, conversationId: number, text: string, clientId: string = randomUUID()) {
  const message = { clientId, type: 'text', content: { text } };
  return calls.json<ApiMessage>('POST', `/api/v1/conversations/${conversationId}/messages`, message);
}

export async function messagesOf(calls: HttpCaller, conversationId: number, query = ''): Promise<ApiMessage[]> {
  const path = `/api/v1/conversations/${conversationId}/messages${query}`;
  return (await calls.get<ApiPage<ApiMessage>>(path)).body.items;
}

export function textsOf(messages: ApiMessage[]): string[] {
  return messages.flatMap(({ body }) => (body.type === 'text' ? [body.content.text] : []));
}

export function expectProblem({ status, headers, body }: Answer<unknown>, expected: number, code: string): void {
  expect(body).toMatchObject({ status: expected, code });
  expect(status).toBe(expected);
  expect(headers.get('content-type')).toContain('application/problem+json');
}
