import { inject } from 'vitest';

/** Fails a suite that needs what could not be built or migrated, in the words of that failure; others run on. */
export function requireBuilt(...targets: string[]): void {
  const failures = inject('buildFailures');
  const reasons = targets.flatMap((target) =>
    failures[target] === undefined ? [] : [`${target}: ${failures[target]}`],
  );
  if (reasons.length > 0) throw new Error(`not built: ${reasons.join('\n')}`);
}
