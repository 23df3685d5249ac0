import type { Services } from '../domain/services.ts';
import { channelName, parseChannelName, slugOfVisitorChannel, type ChannelSubject } from './channel-names.ts';

export interface HolderServices {
  businesses: Pick<Services['businesses'], 'byId' | 'bySlug'>;
  agents: Pick<Services['agents'], 'byUserId'>;
  visitors: Pick<Services['visitors'], 'byChannel'>;
}

/**
 * Whose presence a channel proves: an agent's `kefu…`, a visitor's `cu…`. Anybody may subscribe to a plain name,
 * so those count only while the business has `legacy_public_channels`. Null when it is nobody's.
 */
export async function holderOf(services: HolderServices, channel: string): Promise<number | null> {
  const parsed = parseChannelName(channel);
  if (!parsed) return null;
  const { form, subject } = parsed;
  const isPlain = form === 'plain';
  switch (subject.kind) {
    case 'kefu': {
      const agent = await services.agents.byUserId(subject.agentId);
      if (!agent) return null;
      if (!isPlain) return agent.id;
      const business = await services.businesses.byId(agent.businessId);
      return business?.legacyPublicChannels ? agent.id : null;
    }
    case 'cu': {
      const slug = slugOfVisitorChannel(subject.channel);
      const business = slug === null ? null : await services.businesses.bySlug(slug);
      if (!business || (isPlain && !business.legacyPublicChannels)) return null;
      return (await services.visitors.byChannel(business.id, subject.channel))?.id ?? null;
    }
    default:
      return null;
  }
}

export type PresentUser = Awaited<ReturnType<Services['presence']['online']>>[number];

/** Every channel that keeps this user online, in all forms that count. */
export function presenceChannels(user: PresentUser, allowsPlain: boolean): string[] {
  const subject = presenceSubject(user);
  if (!subject) return [];
  const signed = [channelName(subject, 'private'), channelName(subject, 'encrypted')];
  return allowsPlain ? [...signed, channelName(subject, 'plain')] : signed;
}

function presenceSubject(user: PresentUser): ChannelSubject | null {
  switch (user.kind) {
    case 'agent':
      return { kind: 'kefu', agentId: user.userId };
    case 'visitor':
      return user.channel === null ? null : { kind: 'cu', channel: user.channel };
    case 'member':
      return null;
  }
}
