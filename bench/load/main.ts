import { connectLoad } from './connect-load.ts';
import type { Load } from './load.ts';
import { measure } from './measure.ts';
import type { LoadAnswer, LoadCall, LoadRequest, Target } from './messages.ts';

/** The load generator: a process of its own, told by the bench what to connect and when to run it. */
const loads: { readonly target: Target; readonly load: Load }[] = [];

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
      return { kind: 'prepared', handle: loads.push({ target: request.target, load }) - 1 };
    }
    case 'run': {
      const { load, target } = loadOf(request.handle);
      return { kind: 'ran', result: await measure(load, target) };
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
