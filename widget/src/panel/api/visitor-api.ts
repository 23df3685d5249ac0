import type {
  ApiConfig,
  ApiMessage,
  ApiPage,
  ApiReadCursor,
  ApiVisitorSession,
  SendMessageRequest,
  VisitorSessionRequest,
} from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { request, type Call } from './http.ts';

/** The server's upper bound for a page of messages. */
export const MAX_PAGE = 200;

/** The calls that a visitor makes. */
export interface VisitorApi {
  config(business: string): Promise<ApiConfig>;
  session(body: VisitorSessionRequest): Promise<ApiVisitorSession>;
  /** Ascending by `seq`. */
  messages(conversation: number, query: MessagesQuery): Promise<ApiMessage[]>;
  send(conversation: number, message: SendMessageRequest): Promise<ApiMessage>;
  markRead(conversation: number, seq: number): Promise<ApiReadCursor>;
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
    config: (business) => call({ method: 'GET', path: `/config?business_id=${encodeURIComponent(business)}` }, true),
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
  };
}

/** No answer, or one that only says that the server behind the gateway is away. */
function isUnanswered(error: unknown): boolean {
  const status = (error as { status?: number }).status ?? 0;
  return status === 0 || status >= 500;
}
