import { HttpPool } from './http-pool.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';
import { eventData } from './payload.ts';
import { sendAll } from './send-all.ts';
import { Tally } from './tally.ts';
import { postRequest } from './wire.ts';

/**
 * Visitors write by HTTP, each one message at a time; a message counts when the agent's socket has it. Where nobody
 * listens (`hearOn` is null) it counts when it has been answered.
 */
export async function chat(target: Target, spec: SpecOf<'chat'>): Promise<Load> {
  const agent = spec.hearOn === null ? [] : await openSubscribers(target, 1, () => spec.hearOn ?? '');
  const tally = new Tally(agent);
  const pool = new HttpPool(spec.httpPort, spec.writers.length);
  return {
    plan: async () => {
      await pool.renew();
      const mark = tally.mark();
      const each = Math.ceil(spec.messages / spec.writers.length);
      const work = each * spec.writers.length;
      const requests = spec.writers.map((fields) =>
        Array.from({ length: each }, (_, index) => {
          const form = new URLSearchParams({ ...fields, content: eventData(index) });
          return postRequest(spec.path, form.toString(), 'application/x-www-form-urlencoded');
        }),
      );
      return async () => {
        const heard = agent.length === 0 ? Promise.resolve(true) : tally.next(work);
        await Promise.all(pool.connections.map((connection, writer) => sendAll([connection], requests[writer] ?? [])));
        await heard;
        return { work, losses: tally.losses(mark, work) };
      };
    },
    close: () => {
      pool.destroy();
      for (const socket of agent) socket.destroy();
    },
  };
}
