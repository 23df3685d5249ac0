/** How often we look whether npm, which started us, is still there. */
const lookMs = 500;

/**
 * Resolves when we are to stop: Ctrl-C, SIGTERM, the terminal closed, or, started through npm, npm gone. (A process
 * is not told when its parent is killed with -9; its parent's pid changes.) Later signals change nothing.
 * @param parentPid the parent when this process began
 */
export function stopRequest(parentPid: number): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    if (process.env['npm_lifecycle_event'] === undefined) return;
    const timer = setInterval(() => {
      if (process.ppid === parentPid) return;
      clearInterval(timer);
      resolve();
    }, lookMs);
    timer.unref();
  });
}
