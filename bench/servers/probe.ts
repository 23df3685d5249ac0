import type { ProbeAnswer, ProbeRequest } from '../probe/messages.ts';
import type { BenchServer } from './bench-server.ts';

/** A whole collection of garbage in a server that was started with the probe. */
export function collectGarbage({ child }: BenchServer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('the server ended while it was probed'));
    const take = ({ probed }: Partial<ProbeAnswer>) => {
      if (probed !== 'collect') return;
      child.process.off('message', take);
      child.process.off('exit', gone);
      resolve();
    };
    child.process.on('message', take);
    child.process.once('exit', gone);
    child.process.send({ probe: 'collect' } satisfies ProbeRequest);
  });
}
