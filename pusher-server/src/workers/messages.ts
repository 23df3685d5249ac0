import { z } from 'zod';

/**
 * What the parent and its workers say to each other over their channel. The channel serializes in the `advanced` way,
 * since numbers of metrics may be `NaN`.
 */

/** One metric of a process with its values, as prom-client describes it. */
const metricSchema = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
  values: z.array(
    z.object({
      value: z.union([z.number(), z.nan(), z.literal([Infinity, -Infinity])]),
      labels: z.record(z.string(), z.union([z.string(), z.number()])),
      /** Of a histogram's values: which of its series. */
      metricName: z.string().optional(),
    }),
  ),
});
export const metricsSchema = z.array(metricSchema);

const fromWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), url: z.string(), port: z.number() }),
  /** It has been asked to stop, by whomever, and takes no connections any more. */
  z.object({ type: z.literal('stopping') }),
  /** The answer to `scrape` of the same number; `used` is the process's memory in bytes. */
  z.object({ type: z.literal('scraped'), scrape: z.number(), metrics: metricsSchema, used: z.number() }),
]);

const toWorkerSchema = z.discriminatedUnion('type', [
  /** Whether all workers are ready now. */
  z.object({ type: z.literal('readiness'), all: z.boolean() }),
  /** Take up apps and certificates that were replaced. */
  z.object({ type: z.literal('reload') }),
  z.object({ type: z.literal('scrape'), scrape: z.number() }),
]);

export type Metric = z.infer<typeof metricSchema>;
export type FromWorker = z.infer<typeof fromWorkerSchema>;
export type ToWorker = z.infer<typeof toWorkerSchema>;

/** What a worker said; `null` for anything else that came over the channel. */
export function fromWorker(message: unknown): FromWorker | null {
  return fromWorkerSchema.safeParse(message).data ?? null;
}

/** What the parent said; `null` for anything else that came over the channel. */
export function toWorker(message: unknown): ToWorker | null {
  return toWorkerSchema.safeParse(message).data ?? null;
}
