import { z } from 'zod';

const frameSchema = z.looseObject({ event: z.string(), channel: z.string().optional(), data: z.unknown().optional() });
const rosterSchema = z.object({
  presence: z.object({ ids: z.array(z.string()), hash: z.record(z.string(), z.unknown()) }),
});
const memberSchema = z.object({ user_id: z.string() });

/** Any frame of the server. */
export function decodeFrame(text: string): z.infer<typeof frameSchema> {
  return frameSchema.parse(JSON.parse(text));
}

/** The ids in the `data` of a presence channel's `subscription_succeeded`. */
export function rosterOf(data: unknown): readonly string[] {
  return rosterSchema.parse(inside(data)).presence.ids;
}

/** Every member's user_info in the same. */
export function infosOf(data: unknown): Readonly<Record<string, unknown>> {
  return rosterSchema.parse(inside(data)).presence.hash;
}

/** Whom `member_added` or `member_removed` is about. */
export function memberOf(data: unknown): string {
  return memberSchema.parse(inside(data)).user_id;
}

function inside(data: unknown): unknown {
  return JSON.parse(z.string().parse(data));
}
