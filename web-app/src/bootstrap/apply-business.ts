import type { Saved } from '../db/save-row.ts';
import type { Sealer } from '../db/sealing.ts';
import type { Work } from '../db/unit-of-work.ts';
import { saveAgent, saveClient } from '../domain/registration/save-account-store.ts';
import { saveApiKey, saveBusiness, saveFaq } from '../domain/registration/save-business-store.ts';
import { saveMembership, saveTeam } from '../domain/registration/save-team-store.ts';
import { saveFriendship, saveUser } from '../domain/registration/save-user-store.ts';
import type { Registry } from '../domain/registration/save-user-store.ts';
import { BootstrapError } from './bootstrap-error.ts';
import { naming } from './naming.ts';
import type { BootstrapAgent, BootstrapBusiness, BootstrapTeam, BootstrapUser } from './schema.ts';

/** Hashes made beforehand: scrypt is slow on purpose, and a transaction should be short. */
export interface PasswordHashes {
  /** By `agent` or `client` and the name; absent: unchanged. */
  get(key: string): string | undefined;
}

/** Told of each thing: what it is, and what became of it. */
export type Tally = (noun: 'business' | 'team' | 'agent' | 'client' | 'user' | 'question', saved: Saved) => void;

export interface Applying {
  work: Work;
  sealer: Sealer;
  hashes: PasswordHashes;
  tally: Tally;
}

/** Answers the business's id. */
export async function applyBusiness(applying: Applying, file: BootstrapBusiness, path: string): Promise<number> {
  const { work, sealer, tally } = applying;
  const slug = file.business_id;
  const { id, saved } = await naming(path, () => saveBusiness(work, sealer, slug, businessChange(file)));
  const { api_key: apiKey } = file;
  const key = apiKey === undefined ? 'same' : await naming(path, () => saveApiKey(work, id, 'bootstrap', apiKey));
  tally('business', saved === 'same' && key !== 'same' ? 'changed' : saved);

  const registry: Registry = { work, sealer, businessId: id, slug };
  for (const [index, team] of (file.teams ?? []).entries()) {
    tally('team', await naming(`${path}.teams[${index}]`, () => saveTeam(work, id, team.team_id, teamChange(team))));
  }
  for (const [index, agent] of (file.agents ?? []).entries()) {
    tally('agent', await applyAgent(applying, registry, agent, `${path}.agents[${index}]`));
  }
  for (const [index, client] of (file.clients ?? []).entries()) {
    const hash = applying.hashes.get(`client ${slug} ${client.login_name}`);
    const save = () => saveClient(registry, client.login_name, hash);
    tally('client', await naming(`${path}.clients[${index}]`, save));
  }
  await applyUsers(registry, file.users ?? [], `${path}.users`, tally);
  for (const { question, answer } of file.questions ?? []) {
    tally('question', await saveFaq(work, id, question, answer));
  }
  return id;
}

function businessChange(file: BootstrapBusiness) {
  return {
    name: file.name,
    state: file.state,
    distributionRule: file.distribution_rule,
    legacyVisitors: file.legacy_visitors,
    legacyPublicChannels: file.legacy_public_channels,
    encryptChannels: file.encrypt_channels,
    allowedDomains: file.allowed_domains,
    appId: file.app_id,
    appEnabled: file.app_enabled,
    epid: file.epid,
    publicKey: file.public_key,
    locale: file.locale,
    timezone: file.timezone,
    appSecret: file.secret,
    identitySecret: file.identity_secret,
    settings: {
      greeting: file.greeting,
      offlineText: file.offline_text,
      blacklistMode: file.blacklist_mode,
      audioState: file.audio_state,
      videoState: file.video_state,
      voiceState: file.voice_state,
      widget: file.widget,
      identityRequired: file.identity_required,
      selfRegistration: file.self_registration,
      allowMultiLogin: file.allow_multi_login,
      guestLogin: file.guest_login,
      friendsOnly: file.friends_only,
    },
  };
}

function teamChange(team: BootstrapTeam) {
  return {
    name: team.name,
    logo: team.logo,
    assign: team.assign,
    offlineText: team.offline_text,
    holdWhenNoAgent: team.hold_when_no_agent,
    timeoutS: team.timeout_s,
    dropAfterS: team.drop_after_s,
    hours: team.working_hours,
  };
}

async function applyAgent(
  { work, hashes }: Applying,
  registry: Registry,
  agent: BootstrapAgent,
  path: string,
): Promise<Saved> {
  const change = {
    nickname: agent.nick_name,
    passwordHash: hashes.get(`agent ${agent.user_name}`),
    level: agent.level,
    uid: agent.uid,
    token: agent.token,
    maxConversations: agent.max_conversations,
  };
  const { userId, saved } = await naming(path, () => saveAgent(registry, agent.user_name, change));
  if (agent.teams === undefined) return saved;
  const membership = await saveMembership(work, registry.businessId, userId, agent.teams);
  const [missing] = membership.unknown;
  if (missing !== undefined) {
    throw new BootstrapError([`${path}.teams[${agent.teams.indexOf(missing)}]: there is no team ${missing}`]);
  }
  return saved === 'same' ? membership.saved : saved;
}

async function applyUsers(registry: Registry, users: readonly BootstrapUser[], path: string, tally: Tally) {
  const applied: { id: number; saved: Saved; friends: readonly string[]; path: string }[] = [];
  for (const [index, { uid, nickname, token, friends }] of users.entries()) {
    const at = `${path}[${index}]`;
    const { user, saved } = await naming(at, () => saveUser(registry, uid, { nickname, token }));
    applied.push({ id: user.id, saved, friends: friends ?? [], path: at });
  }
  // After all are there: friends may stand in the file before or behind. One who stands nowhere is made by the uid.
  for (const { id, saved, friends, path: at } of applied) {
    let outcome = saved;
    for (const [index, uid] of friends.entries()) {
      const { user: friend } = await saveUser(registry, uid, {});
      if (friend.id === id) throw new BootstrapError([`${at}.friends[${index}]: nobody is a friend of their own`]);
      const friendship = await saveFriendship(registry.work, registry.businessId, id, friend.id);
      if (friendship !== 'same' && outcome === 'same') outcome = 'changed';
    }
    tally('user', outcome);
  }
}
