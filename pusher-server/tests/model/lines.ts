import { z } from 'zod';

/**
 * Both the model and what a server really sent are written as lines (`added presence-a ann {"from":0}`), so that they
 * compare as text and a difference reads as a transcript. Lines are kept by channel, in order; those of the connection
 * itself under ''. Order between channels is not promised when several connections end at once.
 */
export class Lines {
  readonly #byChannel = new Map<string, string[]>();

  add(channel: string, line: string): void {
    const lines = this.#byChannel.get(channel) ?? [];
    this.#byChannel.set(channel, lines);
    lines.push(line);
  }

  /** Everything so far; what follows begins anew. */
  take(): Record<string, string[]> {
    const taken = Object.fromEntries([...this.#byChannel].sort(([a], [b]) => a.localeCompare(b)));
    this.#byChannel.clear();
    return taken;
  }
}

/** A presence channel's members with their `user_info` as JSON text, in no order. */
export function membersLine(members: Iterable<readonly [string, string]>): string {
  return [...members]
    .map(([user, info]) => `${user}=${info}`)
    .sort()
    .join(' ');
}

const frameSchema = z.looseObject({ event: z.string(), channel: z.string().default(''), data: z.unknown().optional() });
const text = z.string();
const presence = z.object({
  presence: z.object({
    count: z.number(),
    ids: z.array(z.string()),
    hash: z.record(z.string(), z.unknown()),
  }),
});
const refusal = z.object({ type: z.string(), status: z.number(), error: z.string().min(1) });
const member = z.object({ user_id: z.string(), user_info: z.unknown().optional() });
const count = z.object({ subscription_count: z.number() });
const user = z.object({ user_data: z.string() });
const id = z.object({ id: z.string() });

/** A frame from the server as its channel and line. Throws on a shape that the protocol does not have. */
export function lineOfFrame(frame: unknown): readonly [channel: string, line: string] {
  const { event, channel, data, ...rest } = frameSchema.parse(frame);
  const inside = () => JSON.parse(text.parse(data)) as unknown;
  switch (event) {
    case 'pusher_internal:subscription_succeeded':
      return [channel, `succeeded ${succeededWith(inside())}`.trimEnd()];
    case 'pusher:subscription_error': {
      const { type, status } = refusal.parse(data);
      return [channel, `refused ${type} ${String(status)}`];
    }
    case 'pusher_internal:member_added': {
      const { user_id, user_info } = member.parse(inside());
      return [channel, `added ${user_id} ${JSON.stringify(user_info)}`];
    }
    case 'pusher_internal:member_removed':
      return [channel, `removed ${member.parse(inside()).user_id}`];
    case 'pusher_internal:subscription_count':
      return [channel, `count ${String(count.parse(inside()).subscription_count)}`];
    case 'pusher:cache_miss':
      return [channel, 'cache miss'];
    case 'pusher:signin_success':
      return ['', `signed in ${id.parse(JSON.parse(user.parse(data).user_data)).id}`];
    case 'pusher:error':
      return ['', `error ${String(z.object({ code: z.number().nullable() }).parse(data).code)}`];
    default:
      return [channel, eventLine(event, text.parse(data), z.string().optional().parse(rest['user_id']))];
  }
}

export function eventLine(event: string, data: string, userId: string | undefined): string {
  return `event ${event} ${JSON.stringify(data)}${userId === undefined ? '' : ` from ${userId}`}`;
}

function succeededWith(data: unknown): string {
  const decoded = presence.safeParse(data);
  if (!decoded.success) return JSON.stringify(data) === '{}' ? '' : JSON.stringify(data);
  const { count: members, ids, hash } = decoded.data.presence;
  if (members !== ids.length || Object.keys(hash).length !== ids.length) return `inconsistent ${JSON.stringify(data)}`;
  return membersLine(ids.map((userId) => [userId, JSON.stringify(hash[userId])]));
}
