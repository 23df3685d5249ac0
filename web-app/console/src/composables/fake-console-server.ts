import type { ApiConversation, ApiMessage, ApiMe } from '../../../src/front-doors/console-api/wire.ts';
import { ApiError } from '../api/api-error.ts';
import type { ConsoleApi, InboxView, MessageWindow } from '../api/console-api.ts';
import type { RealtimeClient, RealtimeListener } from '../api/realtime-client.ts';
import { belongsTo, sortRows } from './conversation-rows.ts';
import { OWN_ID, ownMessage } from './sample-data.ts';

/** For tests of what runs in the browser: conversations in memory, a network that can be cut, events that can be sent. */
export interface FakeConsoleServer {
  api: ConsoleApi;
  me: ApiMe;
  rows: Map<number, ApiConversation>;
  messages: Map<number, ApiMessage[]>;
  /** Each call as words, in order. */
  calls: string[];
  /** While true no call is answered. */
  down: boolean;
  connect(listener: RealtimeListener): RealtimeClient;
  listener(): RealtimeListener;
}

export function createFakeConsoleServer(): FakeConsoleServer {
  let listener: RealtimeListener | null = null;
  const me: ApiMe = {
    id: OWN_ID,
    serviceId: OWN_ID,
    name: 'Alice',
    avatar: '',
    online: true,
    userName: 'alice',
    level: 'service',
    status: 'online',
    maxConversations: 8,
    load: 0,
    business: { businessId: 'acme', name: 'Acme', locale: 'en' },
    csrfToken: 'token',
    pusher: { key: 'key', host: '127.0.0.1', port: 1, scheme: 'http', encrypted: false },
    channels: { own: 'private-kefu7', notices: 'private-ud7', business: 'private-allacme' },
  };

  function answer<T>(call: string, give: () => T): Promise<T> {
    server.calls.push(call);
    if (server.down) return Promise.reject(new ApiError(0, 'unreachable', 'The server did not answer'));
    return Promise.resolve().then(give);
  }

  function row(id: number): ApiConversation {
    const found = server.rows.get(id);
    if (found === undefined) throw new ApiError(404, 'not_found', 'There is no such conversation');
    return found;
  }

  function page(view: InboxView, after: string | null, limit: number) {
    const all = sortRows(
      view,
      [...server.rows.values()].filter((each) => belongsTo(view, each, OWN_ID)),
    );
    const start = after === null ? 0 : Number(after);
    const next = start + limit < all.length ? String(start + limit) : null;
    return { items: all.slice(start, start + limit), next };
  }

  function window(id: number, { from, ...bound }: MessageWindow, limit: number): ApiMessage[] {
    const all = server.messages.get(row(id).id) ?? [];
    const seq = 'seq' in bound ? bound.seq : 0;
    if (from === 'after') return all.filter((message) => message.seq > seq).slice(0, limit);
    return (from === 'before' ? all.filter((message) => message.seq < seq) : all).slice(-limit);
  }

  const change = (id: number, special: Partial<ApiConversation>) => {
    const changed = { ...row(id), ...special };
    server.rows.set(id, changed);
    return changed;
  };

  const server: FakeConsoleServer = {
    me,
    rows: new Map(),
    messages: new Map(),
    calls: [],
    down: false,
    connect(to) {
      listener = to;
      return {
        talks: {
          join(id) {
            server.calls.push(`join ${id}`);
            return () => void server.calls.push(`leave ${id}`);
          },
          trigger: (id, event, data) => void server.calls.push(`${event} ${id} ${JSON.stringify(data)}`),
        },
        hurry: () => {},
        close: () => {},
      };
    },
    listener() {
      if (listener === null) throw new Error('nobody has connected');
      return listener;
    },
    api: {
      signIn: () => answer('signIn', () => undefined),
      signOut: () => answer('signOut', () => undefined),
      me: () => answer('me', () => me),
      setStatus: (status) => answer(`setStatus ${status}`, () => ({ ...me, status })),
      counts: () => answer('counts', () => ({ mine: 0, queue: 0, unread: 0, longestWaitSince: null })),
      conversations: (view, after, limit) => answer(`list ${view}`, () => page(view, after, limit)),
      conversation: (id) => answer(`row ${id}`, () => row(id)),
      messages: (id, bounds, limit) =>
        answer(`messages ${id} ${bounds.from}${'seq' in bounds ? ` ${bounds.seq}` : ''}`, () =>
          window(id, bounds, limit),
        ),
      send: () => answer('send', () => ownMessage(1)),
      upload: (_file, name) =>
        answer(`upload ${name}`, () => ({
          key: 'k',
          url: `/files/k/${name}`,
          name,
          size: 1,
          type: 'text/plain',
          width: null,
          height: null,
        })),
      markRead: (id, seq) => answer(`read ${id} ${seq}`, () => undefined),
      markDelivered: (id, seq) => answer(`delivered ${id} ${seq}`, () => undefined),
      claim: (id) =>
        answer(`claim ${id}`, () => {
          if (row(id).state !== 'waiting') throw new ApiError(409, 'already_claimed', 'Somebody has it');
          return change(id, {
            state: 'open',
            waitingSince: null,
            agent: { id: OWN_ID, name: 'Alice', avatar: '', online: true },
          });
        }),
      close: (id) => answer(`close ${id}`, () => change(id, { state: 'closed' })),
      reopen: (id) => answer(`reopen ${id}`, () => change(id, { state: 'open' })),
      transfer: (id, { agentId = 0 }) =>
        answer(`transfer ${id} ${agentId}`, () =>
          change(id, { agent: { id: agentId, name: 'Bob', avatar: '', online: true } }),
        ),
      setBlacklisted: (id, blacklisted) =>
        answer(`blacklist ${id} ${blacklisted}`, () => {
          change(id, { blacklisted, ...(blacklisted ? { state: 'closed' } : {}) });
        }),
      requestRating: (id) => answer(`ask for rating ${id}`, () => undefined),
      colleagues: () => answer('colleagues', () => []),
      leaveMessages: () => answer('leave messages', () => ({ items: [], next: null })),
      features: () => answer('features', () => ({ audio: false, video: false, voice: false })),
      authorizeChannel: () => answer('authorize', () => ({ auth: '' })),
    },
  };
  return server;
}
