import { each } from './each.ts';
import { HttpPool } from './http-pool.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscriber } from './open-subscribers.ts';
import { EVENT, eventData } from './payload.ts';
import { WIRES } from './wires.ts';

/**
 * Clients come, subscribe to a channel of their own, get one event there and close properly. The ledger: whoever came
 * and did not get exactly that one event is a loss.
 */
export function churn(target: Target, { cycles, atOnce }: SpecOf<'churn'>): Load {
  const wire = WIRES[target.dialect];
  const pool = new HttpPool(target.port, atOnce);
  let runs = 0;
  return {
    plan: async () => {
      await pool.renew();
      const run = runs++;
      const nameOf = (index: number) => `bench-${String(run).padStart(3, '0')}-${String(index).padStart(6, '0')}`;
      const requests = Array.from({ length: cycles }, (_, index) =>
        wire.trigger(nameOf(index), EVENT, eventData(index)),
      );
      return async () => {
        let kept = 0;
        const free = [...pool.connections];
        await each(cycles, atOnce, async (index) => {
          const [http, request] = [free.shift(), requests[index]];
          if (http === undefined || request === undefined) return;
          const socket = await openSubscriber(target, nameOf(index));
          const got = socket.until(3);
          await http.request(request);
          free.push(http);
          await got;
          await socket.close();
          if (socket.texts === 3) kept += 1;
        });
        return { work: cycles, losses: cycles - kept };
      };
    },
    close: () => {
      pool.destroy();
    },
  };
}
