/** The Chromium or Chrome to test with (CHROMIUM_PATH, else by name on PATH), or null. */
export function findBrowser(): string | null;

/** The redis-server to test with (by name on PATH), or null. */
export function findRedisServer(): string | null;
