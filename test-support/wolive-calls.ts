import { expect } from 'vitest';
import { httpCaller, type Answer } from './http-calls.ts';
import type { SignedInAgent } from './signed-in-agent.ts';

export interface WoliveRow {
  [column: string]: unknown;
}

export interface WoliveReply {
  code: number;
  msg: string;
  data: WoliveRow;
  num?: number;
}

export interface WoliveList extends Omit<WoliveReply, 'data'> {
  data: WoliveRow[];
  all_unread_count?: number;
}

/** A visitor's two calls, as forms. */
export function visiterCalls(webUrl: string) {
  const post = (path: string, fields: Record<string, string>) => httpCaller(webUrl).form<WoliveReply>(path, fields);
  return {
    notice: (business_id: string, visiter_id: string, more: Record<string, string> = {}) =>
      post('/admin/event/notice', { business_id, visiter_id, ...more }),
    chats: (fields: Record<string, string>) => post('/admin/event/chats', fields),
  };
}

/** The visitor's row in one of an agent's lists. */
export async function listed(
  who: SignedInAgent,
  call: 'getchats' | 'getwait',
  visiterId: string,
): Promise<WoliveRow | undefined> {
  const { body } = await who.calls.form<WoliveList>(`/admin/set/${call}`, {});
  return body.data.find((row) => row['visiter_id'] === visiterId);
}

/** Closes the conversation that an agent has with a visitor. */
export async function closeOf(who: SignedInAgent, visiterId: string): Promise<void> {
  const { qid } = (await listed(who, 'getchats', visiterId)) ?? {};
  const { status } = await who.calls.json('POST', `/api/v1/conversations/${String(qid)}/close`);
  expect(status).toBe(200);
}

export function expectReply({ status, body }: Answer<WoliveReply>, code: number, msg?: string | RegExp): void {
  expect({ status, code: body.code }).toEqual({ status: 200, code });
  if (typeof msg === 'string') expect(body.msg).toBe(msg);
  else if (msg) expect(body.msg).toMatch(msg);
}
