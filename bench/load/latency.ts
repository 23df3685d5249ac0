import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../figures/statistics.ts';
import { HttpPool } from './http-pool.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';
import { EVENT, eventData } from './payload.ts';
import { WIRES } from './wires.ts';

const CHANNEL = 'bench-channel';
/** So many that a request never waits for the answer to another. */
const CONNECTIONS = 32;
const LAST_MS = 5_000;

/**
 * Events at a fixed pace, whatever becomes of them, and how long each takes to each subscriber. The n-th frame of a
 * socket is the n-th event: nothing is lost or overtaken, which the count at the end shows.
 */
export async function latency(target: Target, spec: SpecOf<'latency'>): Promise<Load> {
  const wire = WIRES[target.dialect];
  const sockets = await openSubscribers(target, spec.subscribers, () => CHANNEL);
  const pool = new HttpPool(target.port, CONNECTIONS);
  return {
    plan: async () => {
      await pool.renew();
      const events = spec.perSecond * spec.seconds;
      const requests = Array.from({ length: events }, (_, index) => wire.trigger(CHANNEL, EVENT, eventData(index)));
      const sentAt = new Float64Array(events);
      const took = new Float64Array(events * sockets.length);
      let heard = 0;
      for (const socket of sockets) {
        let next = 0;
        socket.onTexts = (count) => {
          const now = performance.now();
          for (let index = 0; index < count; index++) took[heard++] = now - (sentAt[next++] ?? 0);
        };
      }
      return async () => {
        const started = performance.now();
        const answers: Promise<unknown>[] = [];
        for (const [index, request] of requests.entries()) {
          const due = started + (index * 1_000) / spec.perSecond;
          while (performance.now() < due) await delay(Math.max(due - performance.now(), 0));
          const http = pool.connections[index % CONNECTIONS];
          sentAt[index] = performance.now();
          if (http !== undefined) answers.push(http.request(request).catch((error: unknown) => error));
        }
        const refused = (await Promise.all(answers)).find((answer) => answer instanceof Error);
        if (refused !== undefined) throw refused;
        const lastAt = performance.now();
        while (heard < took.length && performance.now() - lastAt < LAST_MS) await delay(5);
        const work = took.length;
        const times = took.subarray(0, heard);
        return {
          work,
          losses: work - heard,
          latencyMs: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
        };
      };
    },
    close: () => {
      pool.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}
