import { decode } from '../decode.ts';
import { ok } from './endpoint.ts';
import { forSuperManagers } from './super-managers.ts';
import { channelsQuery, connectionsPageQuery, deliveriesQuery, presenceChannel } from './wire-realtime.ts';

/** `GET /realtime/connections`: a page of the open connections, the newest first. */
export const listRealtimeConnections = forSuperManagers('get', '/realtime/connections', async (deps, call) => {
  const { before, limit } = decode(connectionsPageQuery, call.query);
  return ok(await deps.realtime.connections(before ?? null, limit));
});

/** `GET /realtime/channels`: the occupied channels whose names begin with `prefix`. */
export const listRealtimeChannels = forSuperManagers('get', '/realtime/channels', async (deps, call) =>
  ok(await deps.realtime.channels(decode(channelsQuery, call.query).prefix)),
);

/** `GET /realtime/channels/:channel/members`: who is on a presence channel. */
export const listRealtimeMembers = forSuperManagers('get', '/realtime/channels/:channel/members', async (deps, call) =>
  ok(await deps.realtime.members(decode(presenceChannel, call.params).channel)),
);

/** `GET /realtime/deliveries`: the last attempts to deliver webhooks. */
export const listRealtimeDeliveries = forSuperManagers('get', '/realtime/deliveries', async (deps, call) =>
  ok(await deps.realtime.deliveries(decode(deliveriesQuery, call.query).limit)),
);
