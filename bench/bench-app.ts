/** The app that is benched. Its limits are those of a fresh app, except where a scenario needs more than they allow. */
export const BENCH_APP = { id: 'bench-app', key: 'bench-key', secret: 'bench-secret' };
