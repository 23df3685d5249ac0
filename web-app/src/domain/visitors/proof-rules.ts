import type { Business } from '../model.ts';
import type { UserRecord } from '../users/user-record.ts';
import type { ArrivingVisitor } from '../services.ts';

/** What to do with a call that names an id which is there already. */
export type Recognition = 'welcome' | 'refuse' | 'displace';

/**
 * Whether a call may speak as this user (schema: `proof`, `token_required`; spec wolive: who may speak as a visitor).
 * `displace`: the site names an id that a stranger holds; the site gets a row of its own, the stranger another name.
 */
export function recognise(
  user: Pick<UserRecord, 'kind' | 'proof' | 'tokenRequired'>,
  proof: ArrivingVisitor['proof'],
  { legacyVisitors, identityRequired }: Pick<Business, 'legacyVisitors' | 'identityRequired'>,
): Recognition {
  if (user.kind === 'agent') return 'refuse';
  // What was said before the business signed, or without a signature, was never proved: its token proves it no more.
  if (identityRequired && user.proof === 'none' && proof !== 'site') return 'refuse';
  if (proof === 'token') return 'welcome';
  if (proof === 'site') return user.proof === 'none' ? 'displace' : 'welcome';
  const strangersWordIsEnough = legacyVisitors && user.proof === 'none' && !user.tokenRequired;
  return strangersWordIsEnough ? 'welcome' : 'refuse';
}
