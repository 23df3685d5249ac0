import type { ChannelKind } from '../protocol/channel-name.ts';

/** What holds for a kind of channel: the one table that everything about kinds is read from. */
export interface ChannelRules {
  readonly kind: ChannelKind;
  /** What a subscriber has to show: nothing, an app's signature, or that it is signed in as the channel's user. */
  readonly authorization: 'none' | 'signature' | 'own-user';
  /** Whether its members are known to each other. */
  readonly presence: boolean;
  /** Whether its last event is kept for those who subscribe later. */
  readonly cache: boolean;
  /** Whether clients may publish to it. */
  readonly clientEvents: boolean;
}

const open = { authorization: 'none', presence: false, cache: false, clientEvents: false } as const;
const signed = { authorization: 'signature', presence: false, cache: false, clientEvents: true } as const;

export const CHANNEL_RULES: Readonly<Record<ChannelKind, ChannelRules>> = {
  public: { kind: 'public', ...open },
  cache: { kind: 'cache', ...open, cache: true },
  private: { kind: 'private', ...signed },
  'private-cache': { kind: 'private-cache', ...signed, cache: true },
  'private-encrypted': { kind: 'private-encrypted', ...signed },
  'private-encrypted-cache': { kind: 'private-encrypted-cache', ...signed, cache: true },
  presence: { kind: 'presence', ...signed, presence: true },
  'presence-cache': { kind: 'presence-cache', ...signed, presence: true, cache: true },
  'server-to-user': { kind: 'server-to-user', ...open, authorization: 'own-user' },
};
