import type { Work } from '../../db/unit-of-work.ts';
import type { MessageContent } from '../model.ts';
import type { AbsenceNotice, Weixin } from '../services.ts';
import { createAbsenceNoticesStore, type DueNoticeRow } from './absence-notices-store.ts';
import {
  bindCodeHash,
  bindCodeIn,
  checkOpenId,
  CODE_LIFETIME_S,
  makeBindCode,
  previewOf,
  retryAfterS,
} from './weixin-rules.ts';
import { createWeixinStore } from './weixin-store.ts';

/** Agents' WeChat ids, and whom there is something to tell. Who tells it stands outside of the domain. */
export function createWeixin(work: Work): Weixin {
  const store = createWeixinStore(work);
  const notices = createAbsenceNoticesStore(work);
  return {
    bindingOf: ({ businessId, userId }) => store.find(businessId, userId),
    bind: (actor, openId) => store.bind(actor.businessId, actor.userId, checkOpenId(openId)),
    unbind: ({ businessId, userId }) => store.unbind(businessId, userId),

    makeCode: async ({ businessId, userId }) => {
      const code = makeBindCode();
      await store.keepCode(businessId, userId, bindCodeHash(code), CODE_LIFETIME_S);
      return { code, expiresInS: CODE_LIFETIME_S };
    },

    bindByCode: async (text, given) => {
      const openId = checkOpenId(given);
      const code = bindCodeIn(text);
      const owner = code === null ? null : await store.takeCode(bindCodeHash(code));
      return owner && store.bind(owner.businessId, owner.userId, openId);
    },

    takeDue: async (limit) => {
      await notices.noteUnheard();
      return (await notices.takeDue(limit)).map(toNotice);
    },

    settle: async (notice, outcome) => {
      const waitS = outcome === 'failed' ? retryAfterS(notice.attempts) : null;
      if (outcome === 'sent') await notices.noteSent(notice);
      else if (waitS === null) await notices.drop(notice);
      else await notices.postpone(notice, waitS);
    },
  };
}

function toNotice(row: DueNoticeRow): AbsenceNotice {
  const { conversationId, userId, seq, attempts, openId, businessName, visitorName, writtenAt, timezone } = row;
  // Type and content were stored together as one member of the union.
  const message = { type: row.type, content: row.content } as MessageContent;
  const preview = previewOf(message, row.isEncrypted);
  return { conversationId, userId, seq, attempts, openId, businessName, visitorName, writtenAt, timezone, preview };
}
