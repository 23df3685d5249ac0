import type {
  ApiFaq,
  ApiFaqAnswer,
  ApiTab,
  LeaveMessageRequest,
} from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Call } from '../api/http.ts';
import type { VisitorApi } from '../api/visitor-api.ts';

/** What a visitor asks of the server now and then. Each throws `ApiFailure`, and is said so where it was asked. */
export interface ChatActions {
  rate(score: number, comment: string): Promise<void>;
  end(): Promise<void>;
  transcript(): Promise<Blob>;
  faqs(search: string): Promise<ApiFaq[]>;
  faq(id: number): Promise<ApiFaqAnswer>;
  /** Question and answer are written into the conversation. */
  askFaq(id: number): Promise<void>;
  tabs(): Promise<ApiTab[]>;
  leaveMessage(fields: Pick<LeaveMessageRequest, 'name' | 'phone' | 'email' | 'content'>): Promise<void>;
  /** Any other call of this visitor's. */
  call<Answer>(details: Omit<Call, 'token'>): Promise<Answer>;
}

export interface ActionDeps {
  api: VisitorApi;
  business: string;
  page: () => string;
  /** Where to write, beginning a session first where there is none; null when closed. */
  conversation: () => Promise<number | null>;
  /** Something was written into the conversation. */
  catchUp: () => Promise<void>;
  rated: (score: number) => void;
  refresh: () => Promise<void>;
}

export function chatActions(deps: ActionDeps): ChatActions {
  const { api, business } = deps;

  async function inConversation<Answer>(action: (conversation: number) => Promise<Answer>): Promise<Answer> {
    const conversation = await deps.conversation();
    if (conversation === null) throw new Error('the chat was closed');
    return action(conversation);
  }

  return {
    async rate(score, comment) {
      await inConversation((conversation) => api.rate(conversation, score, comment));
      deps.rated(score);
      await deps.catchUp();
    },
    async end() {
      await inConversation((conversation) => api.end(conversation));
      await Promise.all([deps.refresh(), deps.catchUp()]);
    },
    transcript: () => inConversation((conversation) => api.transcript(conversation)),
    faqs: (search) => api.faqs(business, search),
    faq: (id) => api.faq(business, id),
    async askFaq(id) {
      await inConversation((conversation) => api.askFaq(conversation, id));
      await deps.catchUp();
    },
    tabs: () => api.tabs(business),
    async leaveMessage(fields) {
      await api.leaveMessage({ ...fields, businessId: business, page: deps.page().slice(0, 2048) });
    },
    call: (details) => api.call(details),
  };
}
