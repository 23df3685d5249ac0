import type { Work } from '../../db/unit-of-work.ts';
import { DomainError } from '../errors.ts';
import type { LeaveMessages } from '../services.ts';
import { clipped } from '../text-rules.ts';
import { checkedText } from './content-rules.ts';
import { createLeaveMessagesStore } from './leave-messages-store.ts';

const FIELD_CHARACTERS = 255;
const CONTENT_CHARACTERS = 10_000;
const PAGE_CHARACTERS = 2048;
const LIST_MAX = 100;

export function createLeaveMessages(work: Work): LeaveMessages {
  const store = createLeaveMessagesStore(work);
  return {
    leave: async (businessId, { userId, name, phone, email, content, page }) => {
      if (content.trim() === '') throw new DomainError('empty_message', 'The message is empty.');
      const field = { min: 0, max: FIELD_CHARACTERS };
      return store.insert({
        businessId,
        userId,
        name: checkedText('A name', name.trim(), field),
        phone: checkedText('A phone number', phone.trim(), field),
        email: checkedText('An e-mail address', email.trim(), field),
        content: checkedText('A message', content, { min: 1, max: CONTENT_CHARACTERS }),
        page: clipped(page, PAGE_CHARACTERS),
      });
    },

    list: async (actor, { beforeId, limit }) => {
      const size = Math.min(LIST_MAX, Math.max(1, Math.trunc(limit)));
      const rows = await store.list(actor.businessId, beforeId, size + 1);
      const items = rows.slice(0, size);
      return { items, next: rows.length > size ? (items.at(-1)?.id ?? null) : null };
    },
  };
}
