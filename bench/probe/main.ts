import { Session } from 'node:inspector/promises';
import type { ProbeAnswer, ProbeRequest } from './messages.ts';

/**
 * Loaded into a server before its own code (`node --import`), both sides alike: collects garbage and profiles when the
 * bench asks for it over the IPC channel, and does nothing in between.
 */
const session = new Session();

process.on('message', (message: ProbeRequest) => {
  answer(message)
    .then((said) => {
      if (said !== null) process.send?.(said);
    })
    .catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    });
});

async function answer(request: ProbeRequest): Promise<ProbeAnswer | null> {
  switch (request.probe) {
    case 'collect':
      // What the first collection frees may only then be found to hold nothing else.
      for (let times = 0; times < 3; times++) await globalThis.gc?.({ type: 'major', execution: 'async' });
      return { probed: 'collect' };
    case 'profile-start':
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: request.intervalMicros });
      await session.post('Profiler.start');
      return { probed: 'profile-start' };
    case 'profile-stop': {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      return { probed: 'profile-stop', profile };
    }
    default:
      // The parent may have more to say to the server itself.
      return null;
  }
}
