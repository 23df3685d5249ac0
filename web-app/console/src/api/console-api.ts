import type {
  ApiColleague,
  ApiConfig,
  ApiConversation,
  ApiCounts,
  ApiFile,
  ApiLeaveMessage,
  ApiMe,
  ApiMessage,
  ApiPage,
  DeliveredRequest,
  ReadRequest,
  SendMessageRequest,
  SignInRequest,
  StatusRequest,
  TransferRequest,
} from '../../../src/front-doors/console-api/wire.ts';
import type { UploadWatch } from './form-upload.ts';
import type { HttpClient } from './http-client.ts';

export type InboxView = 'mine' | 'queue' | 'all';
export type Availability = StatusRequest['status'];

export type BusinessFeatures = ApiConfig['business']['features'];

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
  send(id: number, message: SendMessageRequest): Promise<ApiMessage>;
  /** The key under which the file can be sent, once. @throws ApiError, `aborted` when the signal said so */
  upload(file: Blob, name: string, watch: UploadWatch): Promise<ApiFile>;
  markRead(id: number, seq: number): Promise<void>;
  markDelivered(id: number, seq: number): Promise<void>;
  claim(id: number): Promise<ApiConversation>;
  close(id: number): Promise<ApiConversation>;
  reopen(id: number): Promise<ApiConversation>;
  transfer(id: number, to: TransferRequest): Promise<ApiConversation>;
  /** The customer is not served any more, or is again. */
  setBlacklisted(id: number, blacklisted: boolean): Promise<void>;
  requestRating(id: number): Promise<void>;
  colleagues(): Promise<ApiColleague[]>;
  leaveMessages(after: string | null): Promise<ApiPage<ApiLeaveMessage>>;
  /** What the business offers its visitors. */
  features(businessId: string): Promise<BusinessFeatures>;
  authorizeChannel(socketId: string, channelName: string): Promise<ChannelAuthorization>;
}

const root = '/api/v1';
const conversation = (id: number) => `${root}/conversations/${id}`;

/** Where everything that was said can be downloaded. */
export function transcriptAddress(id: number, format: 'text' | 'html'): string {
  return `${conversation(id)}/transcript?format=${format}`;
}

/** The calls of `/api/v1` that the console makes, one function each. All throw `ApiError`. */
export function createConsoleApi(http: HttpClient): ConsoleApi {
  return {
    signIn: (request) => http.request('POST', `${root}/session`, request),
    async signOut() {
      await http.request('DELETE', `${root}/session`);
      http.setSession(null);
    },
    async me() {
      const me = await http.request<ApiMe>('GET', `${root}/me`);
      http.setSession(me);
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
    send: (id, message) => http.request('POST', `${conversation(id)}/messages`, message),
    upload(file, name, watch) {
      const form = new FormData();
      form.append('file', file, name);
      return http.upload(`${root}/files`, form, watch);
    },
    markRead: (id, seq) => http.request('POST', `${conversation(id)}/read`, { seq } satisfies ReadRequest),
    markDelivered: (id, seq) =>
      http.request('POST', `${conversation(id)}/delivered`, { seq } satisfies DeliveredRequest),
    claim: (id) => http.request('POST', `${conversation(id)}/claim`),
    close: (id) => http.request('POST', `${conversation(id)}/close`),
    reopen: (id) => http.request('POST', `${conversation(id)}/reopen`),
    transfer: (id, to) => http.request('POST', `${conversation(id)}/transfer`, to),
    setBlacklisted: (id, blacklisted) => http.request(blacklisted ? 'PUT' : 'DELETE', `${conversation(id)}/blacklist`),
    requestRating: (id) => http.request('POST', `${conversation(id)}/rating-request`),
    async colleagues() {
      return (await http.request<ApiPage<ApiColleague>>('GET', `${root}/agents`)).items;
    },
    leaveMessages: (after) =>
      http.request('GET', `${root}/leave-messages${after === null ? '' : `?after=${encodeURIComponent(after)}`}`),
    async features(businessId) {
      const address = `${root}/config?business_id=${encodeURIComponent(businessId)}`;
      return (await http.request<ApiConfig>('GET', address)).business.features;
    },
    authorizeChannel: (socketId, channelName) =>
      http.request('POST', '/pusher/auth', { socket_id: socketId, channel_name: channelName }),
  };
}
