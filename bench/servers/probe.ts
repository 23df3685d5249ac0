import type { Profiler } from 'node:inspector';
import type { ProbeAnswer, ProbeRequest } from '../probe/messages.ts';
import type { BenchServer } from './bench-server.ts';

/** A whole collection of garbage in the server. */
export async function collectGarbage(server: BenchServer): Promise<void> {
  await ask(server, { probe: 'collect' });
}

/** Profiles the server while `work` runs. */
export async function profileDuring(
  server: BenchServer,
  intervalMicros: number,
  work: () => Promise<void>,
): Promise<Profiler.Profile> {
  await ask(server, { probe: 'profile-start', intervalMicros });
  await work();
  const answer = await ask(server, { probe: 'profile-stop' });
  if (answer.probed !== 'profile-stop') throw new Error('an unexpected answer of the probe');
  return answer.profile;
}

function ask({ child }: BenchServer, request: ProbeRequest): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('the server ended while it was probed'));
    const take = (message: ProbeAnswer) => {
      if (message.probed !== request.probe) return;
      child.process.off('message', take);
      child.process.off('exit', gone);
      resolve(message);
    };
    child.process.on('message', take);
    child.process.once('exit', gone);
    child.process.send(request);
  });
}
