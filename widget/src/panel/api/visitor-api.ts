import type {
  ApiConfig,
  ApiFaq,
  ApiFaqAnswer,
  ApiMessage,
  ApiPage,
  ApiReadCursor,
  ApiTab,
  ApiVisitorSession,
  LeaveMessageRequest,
  SendMessageRequest,
  VisitorSessionRequest,
} from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { download, request, type Call } from './http.ts';

/** The server's upper bound for a page of messages. */
export const MAX_PAGE = 200;

/** The calls that a visitor makes. */
export interface VisitorApi {
  /** @param fresh not what a cache holds */
  config(business: string, fresh: boolean): Promise<ApiConfig>;
  session(body: VisitorSessionRequest): Promise<ApiVisitorSession>;
  /** Ascending by `seq`. */
  messages(conversation: number, query: MessagesQuery): Promise<ApiMessage[]>;
  send(conversation: number, message: SendMessageRequest): Promise<ApiMessage>;
  markRead(conversation: number, seq: number): Promise<ApiReadCursor>;
  markDelivered(conversation: number, seq: number): Promise<unknown>;
  end(conversation: number): Promise<unknown>;
  rate(conversation: number, score: number, comment: string): Promise<void>;
  transcript(conversation: number): Promise<Blob>;
  faqs(business: string, search: string): Promise<ApiFaq[]>;
  faq(business: string, id: number): Promise<ApiFaqAnswer>;
  /** Question and answer become messages of the conversation. */
  askFaq(conversation: number, id: number): Promise<unknown>;
  tabs(business: string): Promise<ApiTab[]>;
  leaveMessage(message: LeaveMessageRequest): Promise<unknown>;
  /** Any other call of this visitor's, for what is loaded later. */
  call<Answer>(details: Omit<Call, 'token'>): Promise<Answer>;
}

export interface MessagesQuery {
  after_seq?: number;
  before_seq?: number;
  limit: number;
}

/**
 * @param token who calls, asked anew for each call
 * @param observe told of each call whether the server answered at all, for the connection's state
 */
export function createVisitorApi(token: () => string, observe: (answered: boolean) => void): VisitorApi {
  async function call<Answer>(details: Omit<Call, 'token'>, anonymous = false): Promise<Answer> {
    try {
      const answer = await request<Answer>({ ...details, ...(anonymous ? {} : { token: token() }) });
      observe(true);
      return answer;
    } catch (error) {
      observe(!isUnanswered(error));
      throw error;
    }
  }

  return {
    config: (business, fresh) =>
      call({ method: 'GET', path: `/config?business_id=${encodeURIComponent(business)}`, fresh }, true),
    session: (body) => call({ method: 'POST', path: '/visitor-session', body }, true),
    async messages(conversation, query) {
      const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
      const path = `/conversations/${conversation}/messages?${parameters}`;
      const { items } = await call<ApiPage<ApiMessage>>({ method: 'GET', path });
      return items;
    },
    send: (conversation, message) =>
      call({ method: 'POST', path: `/conversations/${conversation}/messages`, body: message }),
    markRead: (conversation, seq) =>
      call({ method: 'POST', path: `/conversations/${conversation}/read`, body: { seq } }),
    markDelivered: (conversation, seq) =>
      call({ method: 'POST', path: `/conversations/${conversation}/delivered`, body: { seq } }),
    end: (conversation) => call({ method: 'POST', path: `/conversations/${conversation}/close`, body: {} }),
    rate: (conversation, score, comment) =>
      call({ method: 'POST', path: `/conversations/${conversation}/rating`, body: { score, comment } }),
    transcript: (conversation) => download(`/conversations/${conversation}/transcript?format=text`, token()),
    async faqs(business, search) {
      const { items } = await call<{ items: ApiFaq[] }>(
        { method: 'GET', path: `/faqs?${new URLSearchParams({ business_id: business, q: search })}` },
        true,
      );
      return items;
    },
    faq: (business, id) =>
      call({ method: 'GET', path: `/faqs/${id}?business_id=${encodeURIComponent(business)}` }, true),
    askFaq: (conversation, id) => call({ method: 'POST', path: `/conversations/${conversation}/faqs/${id}`, body: {} }),
    async tabs(business) {
      const path = `/tabs?business_id=${encodeURIComponent(business)}`;
      return (await call<{ items: ApiTab[] }>({ method: 'GET', path }, true)).items;
    },
    leaveMessage: (message) => call({ method: 'POST', path: '/leave-messages', body: message }, token() === ''),
    call: (details) => call(details),
  };
}

/** No answer, or one that only says that the server behind the gateway is away. */
function isUnanswered(error: unknown): boolean {
  const status = (error as { status?: number }).status ?? 0;
  return status === 0 || status >= 500;
}
