import type { ProbeAnswer, ProbeRequest } from './messages.ts';

/**
 * Loaded into a server before its own code (`node --expose-gc --import`), both sides alike: collects garbage when the
 * bench asks for it over the IPC channel, and does nothing in between.
 */
process.on('message', ({ probe }: Partial<ProbeRequest>) => {
  // The parent may have more to say to the server itself.
  if (probe !== 'collect') return;
  // What a first collection frees may only then be found to have held more.
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  process.send?.({ probed: 'collect' } satisfies ProbeAnswer);
});
