import { randomUUID } from 'node:crypto';
import Pusher, { type Options } from 'pusher-js';
import type {
  ApiConversation,
  ApiMe,
  ApiMessage,
  ApiPage,
  ApiRealtime,
  ApiVisitorSession,
} from '../web-app/src/front-doors/console-api/wire.ts';
import type { WireEvents, WireMessage } from '../web-app/src/realtime/wire-events.ts';

/** How long a client keeps trying one call while servers are being killed. */
const RETRY_FOR_MS = 60_000;

type AnyMessage = ApiMessage | WireMessage;

/** What one side of a conversation has on its screen: every message once, ordered by `seq`. */
class Thread {
  readonly #bySeq = new Map<number, AnyMessage>();
  readonly #waiters = new Set<() => void>();
  /** Messages that arrived a second time and were dropped, as every receiver must. */
  repeats = 0;

  add(message: AnyMessage): void {
    const held = this.#bySeq.get(message.seq);
    if (held) {
      if (held.id !== message.id) throw new Error(`two messages have seq ${message.seq}: ${held.id} and ${message.id}`);
      this.repeats += 1;
      return;
    }
    this.#bySeq.set(message.seq, message);
    for (const wake of this.#waiters) wake();
  }

  get messages(): AnyMessage[] {
    return [...this.#bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  get texts(): string[] {
    return this.messages.flatMap((message) => (message.body.type === 'text' ? [message.body.content.text] : []));
  }

  /** The last `seq` up to which nothing is missing. */
  get contiguous(): number {
    let seq = 0;
    while (this.#bySeq.has(seq + 1)) seq += 1;
    return seq;
  }

  /** Resolves when the condition holds; checked whenever a message arrives. */
  until(condition: () => boolean, label: string, timeoutMs = 30_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(check);
        reject(new Error(`waited ${timeoutMs} ms for ${label}; have ${this.#bySeq.size} messages`));
      }, timeoutMs);
      const check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiters.delete(check);
        resolve();
      };
      this.#waiters.add(check);
      check();
    });
  }
}

/** Repeats a call through refused connections and 5xx answers, as widget and console do. */
async function persistently(call: () => Promise<Response>): Promise<Response> {
  const deadline = Date.now() + RETRY_FOR_MS;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    try {
      const answer = await call();
      if (answer.status < 500) return answer;
      if (Date.now() > deadline) throw new Error(`still ${answer.status}: ${await answer.text()}`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function realtimeOptions(realtime: ApiRealtime, authorize: (form: URLSearchParams) => Promise<Response>): Options {
  return {
    cluster: '',
    wsHost: realtime.host,
    wsPort: realtime.port,
    wssPort: realtime.port,
    forceTLS: realtime.scheme === 'https',
    enabledTransports: ['ws', 'wss'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '/pusher/auth',
      customHandler: ({ socketId, channelName }, callback) => {
        authorize(new URLSearchParams({ socket_id: socketId, channel_name: channelName }))
          .then(async (answer) => callback(null, (await answer.json()) as { auth: string }))
          .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null));
      },
    },
  };
}

/** What both sides share: a thread kept whole over realtime events and `after_seq`. */
abstract class ChatClient {
  readonly thread = new Thread();
  readonly webUrl: string;
  #pusher: Pusher | undefined;
  #resyncing: Promise<void> = Promise.resolve();

  constructor(webUrl: string) {
    this.webUrl = webUrl;
  }

  protected abstract headers(): Record<string, string>;
  abstract get conversationId(): number;

  protected connect(realtime: ApiRealtime): Pusher {
    const pusher = new Pusher(
      realtime.key,
      realtimeOptions(realtime, (form) =>
        persistently(() =>
          fetch(`${this.webUrl}/pusher/auth`, { method: 'POST', headers: this.headers(), body: form }),
        ),
      ),
    );
    this.#pusher = pusher;
    return pusher;
  }

  /** Sends until it is acknowledged; a repeat carries the same `clientId`. */
  async send(text: string): Promise<ApiMessage> {
    const body = JSON.stringify({ clientId: randomUUID(), type: 'text', content: { text } });
    const answer = await this.call('POST', `/conversations/${this.conversationId}/messages`, body);
    const message = (await answer.json()) as ApiMessage;
    this.thread.add(message);
    return message;
  }

  /** Reads what is missing, one page after the other; calls made meanwhile queue up behind it. */
  resync(): Promise<void> {
    this.#resyncing = this.#resyncing.then(async () => {
      for (;;) {
        const after = this.thread.contiguous;
        const answer = await this.call(
          'GET',
          `/conversations/${this.conversationId}/messages?after_seq=${after}&limit=200`,
        );
        const page = (await answer.json()) as ApiPage<ApiMessage>;
        for (const message of page.items) if (message.seq > after) this.thread.add(message);
        if (page.items.length < 200) return;
      }
    });
    return this.#resyncing;
  }

  protected async call(method: string, path: string, body?: string): Promise<Response> {
    const answer = await persistently(() =>
      fetch(`${this.webUrl}/api/v1${path}`, {
        method,
        headers: { 'Content-Type': 'application/json', ...this.headers() },
        ...(body === undefined ? {} : { body }),
      }),
    );
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  close(): void {
    this.#pusher?.disconnect();
  }
}

/** Resolves when the channel is subscribed. */
function subscribed(pusher: Pusher, name: string): Promise<ReturnType<Pusher['subscribe']>> {
  const channel = pusher.subscribe(name);
  return new Promise((resolve, reject) => {
    channel.bind('pusher:subscription_succeeded', () => resolve(channel));
    channel.bind('pusher:subscription_error', (error: unknown) =>
      reject(new Error(`${name}: ${JSON.stringify(error)}`)),
    );
  });
}

/** A visitor's widget without a browser. */
export class VisitorClient extends ChatClient {
  #session: ApiVisitorSession | undefined;

  get session(): ApiVisitorSession {
    if (!this.#session) throw new Error('not started');
    return this.#session;
  }

  get conversationId(): number {
    if (!this.session.conversation) throw new Error('no conversation');
    return this.session.conversation.id;
  }

  protected override headers(): Record<string, string> {
    return this.#session?.token ? { Authorization: `Bearer ${this.#session.token}` } : {};
  }

  async start(businessId: string): Promise<ApiVisitorSession> {
    const answer = await this.call(
      'POST',
      '/visitor-session',
      JSON.stringify({ businessId, page: 'https://shop.example/cart' }),
    );
    this.#session = (await answer.json()) as ApiVisitorSession;
    const pusher = this.connect(this.#session.pusher);
    const own = await subscribed(pusher, this.#session.channels.own);
    own.bind('my-event', (data: WireEvents['my-event']) => this.thread.add(data.message));
    own.bind('message', (data: WireEvents['message']) => this.thread.add(data.message));
    own.bind('pusher:subscription_succeeded', () => void this.resync());
    await this.resync();
    return this.#session;
  }
}

/** An agent's console without a browser, looking at one conversation. */
export class AgentClient extends ChatClient {
  #cookie = '';
  #me: ApiMe | undefined;
  #conversationId: number | undefined;

  get me(): ApiMe {
    if (!this.#me) throw new Error('not signed in');
    return this.#me;
  }

  get conversationId(): number {
    if (this.#conversationId === undefined) throw new Error('no conversation is shown');
    return this.#conversationId;
  }

  protected override headers(): Record<string, string> {
    return { Cookie: this.#cookie, ...(this.#me ? { 'X-CSRF-Token': this.#me.csrfToken } : {}) };
  }

  /** Signs in, goes on line and holds the agent's channels. */
  async start(userName: string, password: string): Promise<ApiMe> {
    const answer = await this.call('POST', '/session', JSON.stringify({ userName, password }));
    this.#cookie = answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
    this.#me = (await (await this.call('GET', '/me')).json()) as ApiMe;
    const pusher = this.connect(this.#me.pusher);
    const own = await subscribed(pusher, this.#me.channels.own);
    const take = (message: WireMessage) => {
      if (message.conversationId === this.#conversationId) this.thread.add(message);
    };
    own.bind('cu-event', (data: WireEvents['cu-event']) => take(data.message));
    own.bind('message', (data: WireEvents['message']) => take(data.message));
    own.bind('pusher:subscription_succeeded', () => {
      if (this.#conversationId !== undefined) void this.resync();
    });
    return this.#me;
  }

  /** Whether the chat knows that this agent's console is connected; that is told by webhook, a moment later. */
  async isOnline(): Promise<boolean> {
    return ((await (await this.call('GET', '/me')).json()) as ApiMe).online;
  }

  async list(view: 'mine' | 'queue' | 'all'): Promise<ApiConversation[]> {
    return ((await (await this.call('GET', `/conversations?view=${view}`)).json()) as ApiPage<ApiConversation>).items;
  }

  async show(conversationId: number): Promise<void> {
    this.#conversationId = conversationId;
    await this.resync();
  }

  async claim(conversationId: number): Promise<void> {
    await this.call('POST', `/conversations/${conversationId}/claim`);
  }
}
