import type { ApiMessageBody } from '../../../src/front-doors/console-api/wire.ts';
import { stopwatch } from './format-time.ts';

type Translate = (key: string, values?: Record<string, unknown>) => string;
export type CallContent = Extract<ApiMessageBody, { type: 'call' }>['content'];

/** How a call went. @param outgoing an agent called */
export function callWords(t: Translate, { kind, outcome, durationS }: CallContent, outgoing: boolean): string {
  const what = kind === 'video' ? t('call.video') : t('call.audio');
  switch (outcome) {
    case 'ended':
      return t('call.ended', { what, time: stopwatch(durationS * 1000) });
    case 'refused':
      return outgoing ? t('call.refusedByVisitor', { what }) : t('call.refusedByAgent', { what });
    case 'missed':
      return outgoing ? t('call.missedByVisitor', { what }) : t('call.missedByAgent', { what });
    default:
      return outcome satisfies never;
  }
}
