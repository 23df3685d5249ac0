import { CHANNEL_RULES } from '../channels/channel-kind.ts';
import { channelRef } from '../channels/channel-registry.ts';
import { channelKind, isChannelName } from '../protocol/channel-name.ts';
import { shorten } from '../protocol/codec.ts';
import type { RestReply } from '../transport/uws-http.ts';
import { channelInfo, countsOf, hasAttribute } from './channel-info.ts';
import type { RestDependencies, SignedRequest } from './context.ts';
import { badRequest } from './errors.ts';
import { parseInfo, type InfoAttribute } from './event-request.ts';
import { ok } from './reply.ts';

/** `GET /apps/:id/channels`: the occupied channels, by prefix. `user_count` is for presence channels alone. SPEC.md H13. */
export async function getChannels(deps: RestDependencies, request: SignedRequest): Promise<RestReply> {
  const prefix = request.parameters.get('filter_by_prefix') ?? '';
  const info = infoOf(request);
  if (info.includes('user_count') && !prefix.startsWith('presence-')) {
    throw badRequest(
      'user_count may only be requested for presence channels: filter_by_prefix must begin with presence-',
    );
  }
  if (info.includes('cache')) throw badRequest('cache may only be requested for a single channel');
  const occupied = await deps.cluster.occupied(request.app.id, prefix);
  // A user's own channel is an address, not something that an application opened.
  const shown = occupied.filter((summary) => !summary.name.startsWith('#'));
  // Not built by assignment: `__proto__` is a good channel name.
  return ok({ channels: Object.fromEntries(shown.map((summary) => [summary.name, countsOf(summary, info)])) });
}

/** `GET /apps/:id/channels/:name`: 200 for a channel that nobody is on, too. SPEC.md H14. */
export async function getChannel(deps: RestDependencies, request: SignedRequest): Promise<RestReply> {
  const name = channelName(request);
  const rules = CHANNEL_RULES[channelKind(name)];
  const info = infoOf(request);
  for (const attribute of info) {
    if (!hasAttribute(rules, attribute))
      throw badRequest(`${attribute} is not an attribute of a ${rules.kind} channel`);
  }
  const ref = channelRef(request.app.id, name);
  const { subscriptions } = await deps.cluster.summary(ref);
  return ok({ occupied: subscriptions > 0, ...(await channelInfo(deps, request.app, name, info)) });
}

/** `GET /apps/:id/channels/:name/users`: the members of a presence channel. SPEC.md H15. */
export async function getUsers(deps: RestDependencies, request: SignedRequest): Promise<RestReply> {
  const name = channelName(request);
  if (!CHANNEL_RULES[channelKind(name)].presence) throw badRequest('Users can be retrieved only for presence channels');
  const users = await deps.cluster.users(channelRef(request.app.id, name));
  return ok({ users: users.map((id) => ({ id })) });
}

function infoOf(request: SignedRequest): readonly InfoAttribute[] {
  const info = request.parameters.get('info');
  return info === undefined ? [] : parseInfo(info);
}

function channelName(request: SignedRequest): string {
  const name = request.path[0] ?? '';
  if (!isChannelName(name, request.app.maxChannelNameLength))
    throw badRequest(`Invalid channel name: ${shorten(name)}`);
  return name;
}
