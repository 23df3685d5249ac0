import { z } from 'zod';
import type { Delivery } from '../../cluster.ts';

/** A destination that a former sender saw to: with which delivery, and which bucket keeps that one. */
export interface Mark {
  readonly destination: string;
  readonly home: number;
  readonly deliveryId: string;
}

const deliverySchema = z.object({
  id: z.string(),
  appId: z.string(),
  destination: z.string(),
  url: z.string(),
  eventCount: z.number(),
  eventNames: z.array(z.string()),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** `null` for what no server of this version has kept. */
export function readDelivery(json: string): Delivery | null {
  try {
    return deliverySchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

/** Reads entries and their marks, in turns; of two marks for a destination the later one counts. */
export function readMarks(fields: readonly string[]): ReadonlyMap<string, readonly Mark[]> {
  const marks = new Map<string, readonly Mark[]>();
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const byDestination = new Map<string, Mark>();
    for (const line of (fields[i + 1] ?? '').split('\n')) {
      const [destination = '', home = '', deliveryId = ''] = line.split(' ');
      byDestination.set(destination, { destination, home: Number(home), deliveryId });
    }
    marks.set(fields[i] ?? '', [...byDestination.values()]);
  }
  return marks;
}
