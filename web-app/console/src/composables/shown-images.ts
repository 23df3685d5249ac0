import type { ApiMessageBody } from '../../../src/front-doors/console-api/wire.ts';
import type { TimelineItem } from './timeline.ts';

/** `key` is that of its entry in the timeline. */
export interface ShownImage {
  key: string;
  content: Extract<ApiMessageBody, { type: 'image' }>['content'];
}

/** The pictures of a thread, top to bottom, with those still on their way. */
export function shownImages(items: readonly TimelineItem[]): ShownImage[] {
  const entries = items.flatMap((item) => (item.kind === 'group' ? item.entries : []));
  return entries.flatMap(({ key, body }) => (body.type === 'image' ? [{ key, content: body.content }] : []));
}
