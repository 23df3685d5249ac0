import Pusher from 'pusher-js';
import type { ApiMe } from '../web-app/src/front-doors/console-api/wire.ts';
import { cookiesOf, eventually, httpCaller, type HttpCaller } from './http-calls.ts';

/** An agent with a session, and when on line a connection that holds their channel. */
export interface SignedInAgent {
  me: ApiMe;
  /** Calls with the session and its CSRF token. */
  calls: HttpCaller;
  cookie: string;
  leave(): void;
}

export async function signIn(webUrl: string, userName: string, password: string): Promise<SignedInAgent> {
  const answer = await httpCaller(webUrl).json<ApiMe>('POST', '/api/v1/session', { userName, password });
  if (answer.status !== 200) throw new Error(`${userName} cannot sign in: ${JSON.stringify(answer.body)}`);
  const cookie = cookiesOf(answer);
  const calls = httpCaller(webUrl, { Cookie: cookie, 'X-CSRF-Token': answer.body.csrfToken });
  return { me: answer.body, calls, cookie, leave: () => undefined };
}

/** Signs in and goes on line, as a console does: by holding the agent's channel. Resolves when the server knows. */
export async function onLine(webUrl: string, userName: string, password: string): Promise<SignedInAgent> {
  const agent = await signIn(webUrl, userName, password);
  const { key, host, port } = agent.me.pusher;
  const pusher = new Pusher(key, {
    cluster: '',
    wsHost: host,
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '/pusher/auth',
      // Node's XMLHttpRequest sends no cookies.
      customHandler: ({ socketId, channelName }, callback) => {
        agent.calls
          .form<{ auth: string }>('/pusher/auth', { socket_id: socketId, channel_name: channelName })
          .then(({ body }) => callback(null, body))
          .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null));
      },
    },
  });
  pusher.subscribe(agent.me.channels.own);
  await eventually(
    () => agent.calls.get<ApiMe>('/api/v1/me'),
    ({ body }) => body.online,
  );
  return { ...agent, leave: () => pusher.disconnect() };
}
