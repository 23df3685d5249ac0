import type { Business } from '../domain/model.ts';

/** What somebody can listen to, without the business's prefix (domain.md, Channels). */
export type ChannelSubject =
  | { kind: 'kefu'; agentId: number }
  | { kind: 'ud'; agentId: number }
  | { kind: 'all'; slug: string }
  | { kind: 'cu'; channel: string }
  | { kind: 'se'; agentId: number }
  | { kind: 'talk'; conversationId: number };

export type ChannelForm = 'plain' | 'private' | 'encrypted';

/** The names of a business's channels, with the prefix in force for it. */
export interface ChannelNames {
  kefu(agentId: number): string;
  ud(agentId: number): string;
  all(): string;
  cu(visitorChannel: string): string;
  se(agentId: number): string;
  talk(conversationId: number): string;
}

const PREFIX: Record<ChannelForm, string> = { plain: '', private: 'private-', encrypted: 'private-encrypted-' };

export function channelNames(business: Pick<Business, 'slug' | 'encryptChannels'>): ChannelNames {
  const named = (subject: ChannelSubject) => channelName(subject, formOf(business));
  return {
    kefu: (agentId) => named({ kind: 'kefu', agentId }),
    ud: (agentId) => named({ kind: 'ud', agentId }),
    all: () => named({ kind: 'all', slug: business.slug }),
    cu: (channel) => named({ kind: 'cu', channel }),
    se: (agentId) => named({ kind: 'se', agentId }),
    talk: (conversationId) => named({ kind: 'talk', conversationId }),
  };
}

/** The one form that is signed for and triggered on; plain names may come beside it. */
export function formOf(business: Pick<Business, 'encryptChannels'>): ChannelForm {
  return business.encryptChannels ? 'encrypted' : 'private';
}

/**
 * `talk` is `private-` in an encrypting business too: encrypted channels carry no client events, and those of `talk`
 * hold no text.
 */
export function channelName(subject: ChannelSubject, form: ChannelForm): string {
  return PREFIX[subject.kind === 'talk' ? 'private' : form] + bareName(subject);
}

function bareName(subject: ChannelSubject): string {
  switch (subject.kind) {
    case 'kefu':
    case 'ud':
    case 'se':
      return subject.kind + subject.agentId;
    case 'all':
      return `all${subject.slug}`;
    case 'cu':
      return `cu${subject.channel}`;
    case 'talk':
      return `talk${subject.conversationId}`;
  }
}

/** Whether a channel's data is encrypted from end to end, by its name alone. */
export function isEncryptedName(name: string): boolean {
  return name.startsWith(PREFIX.encrypted);
}

/** What a channel's name means, or null when it is none of ours. */
export function parseChannelName(name: string): { form: ChannelForm; subject: ChannelSubject } | null {
  const form = isEncryptedName(name) ? 'encrypted' : name.startsWith(PREFIX.private) ? 'private' : 'plain';
  const subject = parseBareName(name.slice(PREFIX[form].length));
  return subject && { form, subject };
}

function parseBareName(name: string): ChannelSubject | null {
  const numbered = /^(kefu|ud|se|talk)([1-9]\d{0,14})$/.exec(name);
  if (numbered) {
    const id = Number(numbered[2]);
    switch (numbered[1]) {
      case 'kefu':
        return { kind: 'kefu', agentId: id };
      case 'ud':
        return { kind: 'ud', agentId: id };
      case 'se':
        return { kind: 'se', agentId: id };
      default:
        return { kind: 'talk', conversationId: id };
    }
  }
  const slug = /^all([A-Za-z0-9_.-]{1,64})$/.exec(name)?.[1];
  if (slug !== undefined) return { kind: 'all', slug };
  const channel = /^cu((?:[0-9a-f]{2})+)$/.exec(name)?.[1];
  return channel === undefined ? null : { kind: 'cu', channel };
}

/** Whose business a visitor's channel belongs to: it is the hexadecimal of `uid/slug`. Null when it is no such text. */
export function slugOfVisitorChannel(channel: string): string | null {
  const text = Buffer.from(channel, 'hex').toString('utf8');
  const slash = text.lastIndexOf('/');
  return slash > 0 && slash < text.length - 1 ? text.slice(slash + 1) : null;
}
