/** The app that is benched. */
export const BENCH_APP = { id: 'bench-app', key: 'bench-key', secret: 'bench-secret' };

/**
 * Limits that a scenario needs to be above the defaults. They stay in force and are checked; they are only never
 * reached: client events are ten a second by default, and a presence channel holds a hundred members.
 */
export const RAISED_LIMITS = { maxClientEventsPerSecond: 1_000_000, maxPresenceMembersPerChannel: 100_000 };
