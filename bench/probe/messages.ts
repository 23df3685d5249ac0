import type { Profiler } from 'node:inspector';

/** What the bench asks of a server into which the probe was loaded. */
export type ProbeRequest =
  | { readonly probe: 'collect' }
  | { readonly probe: 'profile-start'; readonly intervalMicros: number }
  | { readonly probe: 'profile-stop' };

export type ProbeAnswer =
  | { readonly probed: 'collect' }
  | { readonly probed: 'profile-start' }
  | { readonly probed: 'profile-stop'; readonly profile: Profiler.Profile };
