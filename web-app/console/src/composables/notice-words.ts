import type { ApiMessageBody } from '../../../src/front-doors/console-api/wire.ts';

type Translate = (key: string, values?: Record<string, unknown>) => string;
export type SystemNotice = Extract<ApiMessageBody, { type: 'system' }>['content'];

/** A system notice in the reader's language. */
export function noticeWords(t: Translate, notice: SystemNotice): string {
  switch (notice.notice) {
    case 'assigned':
      return t('thread.assigned', { name: notice.agentName });
    case 'closed':
      return closedWords(t, notice.by);
    case 'transferred':
      return t('thread.transferred', { from: notice.byName, to: notice.agentName });
    case 'rating_requested':
      return t('thread.ratingRequested');
    case 'rated':
      return t('thread.rated', { score: notice.score });
    default:
      return notice satisfies never;
  }
}

function closedWords(t: Translate, by: 'agent' | 'customer' | 'system'): string {
  switch (by) {
    case 'agent':
      return t('thread.closedByAgent');
    case 'customer':
      return t('thread.closedByCustomer');
    case 'system':
      return t('thread.closedBySystem');
    default:
      return by satisfies never;
  }
}
