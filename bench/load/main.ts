import { connectLoad } from './connect-load.ts';
import type { Load } from './load.ts';
import { measure } from './measure.ts';
import type { Done, LoadAnswer, LoadCall, LoadRequest, Target } from './messages.ts';

/** The load generator: a process of its own, told by the bench what to connect and when to run it. */
const loads: Connected[] = [];

interface Connected {
  readonly target: Target;
  readonly load: Load;
  planned: (() => Promise<Done>) | null;
}

process.on('message', (request: LoadRequest) => {
  answer(request)
    .catch(
      (error: unknown) =>
        ({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }) as const,
    )
    .then((said) => process.send?.({ ...said, id: request.id }))
    .catch(() => process.exit(1));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready' });

type WithoutId<Answer> = Answer extends LoadAnswer ? Omit<Answer, 'id'> : never;

async function answer(request: LoadCall): Promise<WithoutId<LoadAnswer>> {
  switch (request.call) {
    case 'prepare': {
      const load = await connectLoad(request.target, request.spec);
      return { kind: 'prepared', handle: loads.push({ target: request.target, load, planned: null }) - 1 };
    }
    case 'plan': {
      const connected = loadOf(request.handle);
      connected.planned = await connected.load.plan();
      return { kind: 'planned' };
    }
    case 'run': {
      const connected = loadOf(request.handle);
      const run = connected.planned ?? (await connected.load.plan());
      connected.planned = null;
      return { kind: 'ran', result: await measure(run, connected.target) };
    }
    case 'close':
      loadOf(request.handle).load.close();
      return { kind: 'closed' };
  }
}

function loadOf(handle: number) {
  const found = loads[handle];
  if (found === undefined) throw new Error(`no load ${String(handle)}`);
  return found;
}
