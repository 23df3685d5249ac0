interface BuildOptions {
  /** Both when absent: `servers` is what Node runs, `pages` what browsers load. */
  groups?: ('servers' | 'pages' | 'bench')[];
}
/** Builds what is stale; resolves to what failed, by name of the target with the reason. */
export function tryBuildStale(options?: BuildOptions): Promise<Map<string, string>>;
/** Builds what is stale; what failed is one PlainError. */
export function buildStale(options?: BuildOptions): Promise<void>;
