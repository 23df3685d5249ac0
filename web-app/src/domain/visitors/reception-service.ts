import { isIP } from 'node:net';
import type { Work } from '../../db/unit-of-work.ts';
import { DomainError } from '../errors.ts';
import type { Business } from '../model.ts';
import { pictureNamed } from '../picture-rules.ts';
import type { Arrival, ArrivingVisitor } from '../services.ts';
import { characters, clipped, hasNul, wellFormed } from '../text-rules.ts';
import type { Accounts } from '../users/accounts-service.ts';
import type { UserRecord } from '../users/user-record.ts';
import { displaceStranger } from './displace-stranger.ts';
import { recognise } from './proof-rules.ts';
import { checkVisitorId, isWidgetId, makeWidgetId, visitorChannel } from './visitor-id-rules.ts';
import { createVisitorsStore } from './visitors-store.ts';

const NAME_CHARACTERS = 64;
const AVATAR_CHARACTERS = 1024;
const EMAIL_CHARACTERS = 254;
const PHONE_CHARACTERS = 32;
const URL_CHARACTERS = 2048;
const LOCALE_CHARACTERS = 35;
const DEVICE_CHARACTERS = 100;

/** Knows or makes the visitor who comes to the door. Runs in a transaction. */
export interface Reception {
  arrive(business: Business, arriving: ArrivingVisitor): Promise<Arrival>;
}

interface Deps {
  work: Work;
  accounts: Accounts;
}

/** A user at the door, and the token that this call has a right to learn. */
interface Admitted {
  user: UserRecord;
  created: boolean;
  token: string | null;
}

export function createReception({ work, accounts }: Deps): Reception {
  const store = createVisitorsStore(work);

  async function register(business: Business, uid: string, arriving: ArrivingVisitor): Promise<Admitted | null> {
    if (arriving.passive) throw new DomainError('not_found', 'There is no such visitor.');
    const proof = arriving.proof === 'site' ? 'site' : isWidgetId(uid) ? 'widget' : 'none';
    if (proof === 'none' && business.identityRequired) {
      throw new DomainError('token_required', 'This site signs its visitors: the id needs its signature.');
    }
    const created = await accounts.create({
      businessId: business.id,
      uid,
      kind: 'visitor',
      proof,
      nickname: arriving.nickname ?? '',
      avatar: arriving.avatar ?? '',
      // A stranger's token was answered, not yet shown: a site that sends none may go on without (legacy_visitors).
      tokenRequired: proof !== 'none',
    });
    if (created === null) return null;
    if (created.user.nickname !== '') return { ...created, created: true };
    const nickname = business.locale.startsWith('zh') ? `游客${created.user.id}` : `Visitor ${created.user.id}`;
    await accounts.describe(created.user.id, { nickname });
    return { ...created, created: true };
  }

  async function resume(business: Business, user: UserRecord, arriving: ArrivingVisitor): Promise<Admitted | null> {
    const recognition = recognise(user, arriving.proof, business);
    switch (recognition) {
      case 'refuse':
        throw new DomainError('token_required', 'This visitor id needs its token or signature.');
      case 'displace': {
        if (arriving.passive) throw new DomainError('not_found', 'There is no such visitor.');
        await displaceStranger(work, user, business.slug);
        return register(business, user.uid, arriving);
      }
      case 'welcome': {
        const proved = arriving.proof !== 'none';
        if (proved && !user.tokenRequired) await accounts.requireToken(user.id);
        if (!arriving.passive) await redescribe(user, arriving);
        return { user, created: false, token: proved ? await accounts.tokenOf(user) : null };
      }
    }
  }

  async function redescribe(user: UserRecord, { nickname, avatar }: ArrivingVisitor): Promise<void> {
    const change = {
      ...(nickname !== null && nickname !== user.nickname ? { nickname } : {}),
      ...(avatar !== null && avatar !== user.avatar ? { avatar } : {}),
    };
    if (Object.keys(change).length > 0) await accounts.describe(user.id, change);
  }

  async function noteContact(userId: number, { email, phone }: ArrivingVisitor): Promise<void> {
    const contact = { ...(email !== null ? { email } : {}), ...(phone !== null ? { phone } : {}) };
    if (Object.keys(contact).length > 0) await accounts.setContact(userId, contact);
  }

  async function admit(business: Business, uid: string, arriving: ArrivingVisitor): Promise<Admitted> {
    const known = await accounts.byUid(business.id, uid);
    const admitted = known === null ? await register(business, uid, arriving) : await resume(business, known, arriving);
    // Null: somebody else made the id in this very moment, and now it is known.
    return admitted ?? admit(business, uid, arriving);
  }

  return {
    arrive: async (business, unchecked) => {
      const arriving = checked(unchecked);
      if (arriving.uid !== null) checkVisitorId(arriving.uid, business.slug);
      const uid = arriving.uid ?? makeWidgetId();
      const { user, created, token } = await admit(business, uid, arriving);
      if (!arriving.passive) await noteContact(user.id, arriving);
      const known = arriving.passive ? await store.find(business.id, user.id) : null;
      if (known === null) {
        await store.note({
          userId: user.id,
          businessId: business.id,
          channel: visitorChannel(uid, business.slug),
          ip: address(arriving.ip),
          page: clipped(arriving.page, URL_CHARACTERS),
          referrer: clipped(arriving.referrer, URL_CHARACTERS),
          device: {
            browser: clipped(arriving.device.browser, DEVICE_CHARACTERS),
            os: clipped(arriving.device.os, DEVICE_CHARACTERS),
            type: arriving.device.type,
          },
          locale: clipped(arriving.locale, LOCALE_CHARACTERS),
        });
      }
      const visitor = known ?? (await store.find(business.id, user.id));
      if (visitor === null) throw new Error(`Visitor ${user.id} vanished.`);
      return { visitor, created, token };
    },
  };
}

/** Empty is as good as absent, and so is a picture that is none; too long is refused, since half a name is wrong. */
function checked(arriving: ArrivingVisitor): ArrivingVisitor {
  return {
    ...arriving,
    nickname: given(arriving.nickname, NAME_CHARACTERS, 'name'),
    avatar: pictureNamed(given(arriving.avatar, AVATAR_CHARACTERS, 'avatar')),
    email: given(arriving.email, EMAIL_CHARACTERS, 'email address'),
    phone: given(arriving.phone, PHONE_CHARACTERS, 'phone number'),
  };
}

function given(text: string | null, max: number, what: string): string | null {
  const trimmed = wellFormed((text ?? '').trim());
  if (trimmed === '') return null;
  if (hasNul(trimmed)) throw new DomainError('invalid', `The ${what} is no valid text.`);
  if (characters(trimmed) > max) throw new DomainError('invalid', `The ${what} may have ${max} characters.`);
  return trimmed;
}

/** An IPv4 address in IPv6's clothes is the same address; what is none is unknown. */
function address(ip: string): string | null {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(plain) === 0 ? null : plain;
}
