import type { ChannelRef } from '../cluster.ts';
import type { BucketScripts } from './bucket-scripts.ts';
import { bucketOf, userChannel } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import type { RosterRead } from './replica.ts';
import type { UserRead } from './user-watch.ts';

/** Reads a presence channel for its replica, with the epoch of its bucket. */
export async function readMembers(
  link: Pick<RedisLink, 'commands' | 'keys'>,
  scripts: Pick<BucketScripts, 'readRoster'>,
  { appId, name }: ChannelRef,
): Promise<RosterRead> {
  const bucket = bucketOf(appId, name);
  const [epoch, roster] = await Promise.all([readEpoch(link, bucket), scripts.readRoster(bucket, appId, name)]);
  return { epoch, ...roster };
}

/** Reads whether a user is online, with the epoch of the user's bucket. */
export async function readUser(
  link: Pick<RedisLink, 'commands' | 'keys'>,
  scripts: Pick<BucketScripts, 'readUser'>,
  appId: string,
  userId: string,
): Promise<UserRead> {
  const bucket = bucketOf(appId, userChannel(userId));
  const [epoch, user] = await Promise.all([readEpoch(link, bucket), scripts.readUser(bucket, appId, userId)]);
  return { epoch, ...user };
}

/** Asked for before what is read under it: one that is too old only makes members stay until Redis has settled. */
function readEpoch({ commands, keys }: Pick<RedisLink, 'commands' | 'keys'>, bucket: number): Promise<string | null> {
  return commands.hget(keys.epoch(bucket), 'id');
}
