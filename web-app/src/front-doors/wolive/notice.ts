import type { Business } from '../../domain/model.ts';
import type { Admission, Arrival } from '../../domain/services.ts';
import { asHtml } from '../../wolive-wire/message-html.ts';
import { decode } from '../decode.ts';
import type { LegacyCall } from './legacy-call.ts';
import { success, WORDS, type Reply } from './reply.ts';
import { publicServiceRow } from './rows.ts';
import { businessOpenToVisiters, speakingVisiter } from './speaking-visiter.ts';
import { noticeRequest } from './wire.ts';

const CODE_REFUSED = 1;
const CODE_WAITING = 2;
const CODE_OFFLINE = 3;

/** `/admin/event/notice`: a visitor arrives and wants to talk. */
export const notice: LegacyCall = {
  paths: ['/admin/event/notice'],
  reads: false,
  access: 'visitor',
  failureCode: CODE_REFUSED,
  async handle(deps, request) {
    const input = decode(noticeRequest, request.fields);
    const business = await businessOpenToVisiters(deps.services, input.business_id);
    const profile = { nickname: input.visiter_name, avatar: input.avatar, passive: false };
    const arrival = await speakingVisiter(deps, request, business, input, profile);
    const options = { teamNumber: input.groupid, hold: false, door: 'wolive' };
    return replyTo(await deps.services.conversations.admit(business, arrival.visitor, options), arrival, business);
  },
};

function replyTo(admission: Admission, arrival: Arrival, business: Business): Reply {
  const identity = identityOf(arrival);
  switch (admission.kind) {
    case 'assigned': {
      const { agent, greeting } = admission;
      return success({ ...publicServiceRow(agent, business), content: asHtml(greeting), ...identity });
    }
    case 'waiting': {
      const { waiting, place } = admission;
      return { code: CODE_WAITING, msg: '等待认领', num: waiting, data: { num: waiting, place, ...identity } };
    }
    case 'offline':
      return { code: CODE_OFFLINE, msg: '请留言', data: { content: asHtml(admission.offlineText), ...identity } };
    case 'blacklisted':
      return replyToBlacklisted(admission.lastAgent, identity, business);
    default:
      return admission satisfies never;
  }
}

/** Who the visitor is from now on; the token stands there only for whom the domain tells it. */
function identityOf({ visitor, token }: Arrival): Record<string, string> {
  return {
    visiter_id: visitor.uid,
    channel: visitor.channel,
    ...(token === null ? {} : { visitor_token: token }),
  };
}

/** Told, or (the default) left with the last agent's row and silence. */
function replyToBlacklisted(
  lastAgent: Extract<Admission, { kind: 'blacklisted' }>['lastAgent'],
  identity: Record<string, string>,
  business: Business,
): Reply {
  if (business.blacklistMode === 'explicit') {
    return { code: CODE_REFUSED, msg: WORDS.blacklisted };
  }
  if (lastAgent === null)
    return { code: CODE_OFFLINE, msg: '请留言', data: { content: asHtml(business.offlineText), ...identity } };
  return success({ ...publicServiceRow(lastAgent, business), content: asHtml(business.greeting), ...identity });
}
