import type {
  ApiConversation,
  ApiCounts,
  ApiMe,
  ApiMessage,
  ApiPage,
  ReadRequest,
  SendMessageRequest,
  SignInRequest,
  StatusRequest,
} from '../../../src/front-doors/console-api/wire.ts';
import type { HttpClient } from './http-client.ts';

export type InboxView = 'mine' | 'queue' | 'all';
export type Availability = StatusRequest['status'];

/** Which messages: the newest, those after a seq, or those before one. Always ascending by `seq`. */
export type MessageWindow = { from: 'newest' } | { from: 'after'; seq: number } | { from: 'before'; seq: number };

/** What pusher-js hands to the server when it joins a channel. */
export interface ChannelAuthorization {
  auth: string;
  channel_data?: string;
  shared_secret?: string;
}

export interface ConsoleApi {
  signIn(request: SignInRequest): Promise<void>;
  signOut(): Promise<void>;
  me(): Promise<ApiMe>;
  setStatus(status: Availability): Promise<ApiMe>;
  counts(): Promise<ApiCounts>;
  conversations(view: InboxView, after: string | null, limit: number): Promise<ApiPage<ApiConversation>>;
  conversation(id: number): Promise<ApiConversation>;
  messages(id: number, window: MessageWindow, limit: number): Promise<ApiMessage[]>;
  sendText(id: number, clientId: string, text: string): Promise<ApiMessage>;
  markRead(id: number, seq: number): Promise<void>;
  claim(id: number): Promise<ApiConversation>;
  close(id: number): Promise<ApiConversation>;
  authorizeChannel(socketId: string, channelName: string): Promise<ChannelAuthorization>;
}

/** The calls of `/api/v1` that the console makes, one function each. All throw `ApiError`. */
export function createConsoleApi(http: HttpClient): ConsoleApi {
  const root = '/api/v1';
  const conversation = (id: number) => `${root}/conversations/${id}`;
  return {
    signIn: (request) => http.request('POST', `${root}/session`, request),
    signOut: () => http.request('DELETE', `${root}/session`),
    async me() {
      const me = await http.request<ApiMe>('GET', `${root}/me`);
      http.setCsrfToken(me.csrfToken);
      return me;
    },
    setStatus: (status) => http.request('PUT', `${root}/me/status`, { status } satisfies StatusRequest),
    counts: () => http.request('GET', `${root}/conversations/counts`),
    conversations(view, after, limit) {
      const query = new URLSearchParams({ view, limit: String(limit) });
      if (after !== null) query.set('after', after);
      return http.request('GET', `${root}/conversations?${query.toString()}`);
    },
    conversation: (id) => http.request('GET', conversation(id)),
    async messages(id, window, limit) {
      const query = new URLSearchParams({ limit: String(limit) });
      if (window.from === 'after') query.set('after_seq', String(window.seq));
      if (window.from === 'before') query.set('before_seq', String(window.seq));
      const page = await http.request<Pick<ApiPage<ApiMessage>, 'items'>>(
        'GET',
        `${conversation(id)}/messages?${query.toString()}`,
      );
      return page.items;
    },
    sendText(id, clientId, text) {
      const message: SendMessageRequest = { clientId, type: 'text', content: { text } };
      return http.request('POST', `${conversation(id)}/messages`, message);
    },
    markRead: (id, seq) => http.request('POST', `${conversation(id)}/read`, { seq } satisfies ReadRequest),
    claim: (id) => http.request('POST', `${conversation(id)}/claim`),
    close: (id) => http.request('POST', `${conversation(id)}/close`),
    authorizeChannel: (socketId, channelName) =>
      http.request('POST', '/pusher/auth', { socket_id: socketId, channel_name: channelName }),
  };
}
