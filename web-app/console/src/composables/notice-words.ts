import type { ApiMessageBody } from '../../../src/front-doors/console-api/wire.ts';

type Translate = (key: string, values?: Record<string, unknown>) => string;
export type SystemNotice = Extract<ApiMessageBody, { type: 'system' }>['content'];

/** A system notice in the reader's language. */
export function noticeWords(t: Translate, notice: SystemNotice): string {
  if (notice.notice === 'assigned') return t('thread.assigned', { name: notice.agentName });
  switch (notice.by) {
    case 'agent':
      return t('thread.closedByAgent');
    case 'customer':
      return t('thread.closedByCustomer');
    case 'system':
      return t('thread.closedBySystem');
    default:
      return notice.by satisfies never;
  }
}
