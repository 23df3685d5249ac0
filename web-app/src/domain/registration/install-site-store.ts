import type { Work } from '../../db/unit-of-work.ts';
import { businessSettings } from '../businesses/business-settings.ts';
import { createBusinessRows } from '../businesses/business-rows-store.ts';
import { createAgentsStore } from '../agents/agents-store.ts';
import { agentUid } from './registration.ts';

/** What the owner says of the site on the first day. */
export interface FirstSite {
  userName: string;
  passwordHash: string;
  /** Of the business. */
  slug: string;
  name: string;
  /** The site runs WoLive's own pages. */
  legacyVisitors: boolean;
  locale: string;
  greeting: string;
  offlineText: string;
}

export type FirstSiteSaved =
  { kind: 'saved'; businessId: number } | { kind: 'user_name_taken' | 'business_id_taken' | 'agent_gone' };

/**
 * Gives the first agent and the business it belongs to the names that the owner wants: everything that was made before
 * stays theirs, and the agent's earlier password is worth nothing. Runs in a transaction.
 */
export async function saveFirstSite(work: Work, agentId: number, site: FirstSite): Promise<FirstSiteSaved> {
  const agents = createAgentsStore(work);
  const agent = await agents.find(agentId);
  if (agent === null) return { kind: 'agent_gone' };
  const { businessId } = agent;
  const namesake = await agents.credentials(site.userName);
  if (namesake !== null && namesake.userId !== agentId) return { kind: 'user_name_taken' };
  const holder = await createBusinessRows(work).idOf(site.slug);
  if (holder !== null && holder !== businessId) return { kind: 'business_id_taken' };

  const { db } = work;
  await db('users')
    .where({ id: agentId })
    .update({ uid: agentUid(site.userName), nickname: site.userName });
  await db('agents')
    .where({ user_id: agentId })
    .update({
      user_name: site.userName,
      password_hash: site.passwordHash,
      sessions_valid_from: db.fn.now(),
      version: db.raw('version + 1'),
    });
  const before = await createBusinessRows(work).settings(businessId);
  const { greeting, offlineText } = site;
  await db('businesses')
    .where({ id: businessId })
    .update({
      slug: site.slug,
      name: site.name,
      locale: site.locale,
      legacy_visitors: site.legacyVisitors,
      settings: JSON.stringify(businessSettings.parse({ ...before, greeting, offlineText })),
      version: db.raw('version + 1'),
    });
  // Whoever tried the demo page is named by the business too.
  await db.raw(
    `update visitors v set channel = encode(convert_to(u.uid || '/' || :slug, 'UTF8'), 'hex')
       from users u where u.id = v.user_id and v.business_id = :businessId`,
    { slug: site.slug, businessId },
  );
  return { kind: 'saved', businessId };
}
