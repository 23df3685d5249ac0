const HOUR_MS = 60 * 60 * 1000;

/** Answers how many things it has removed. */
type Job = () => Promise<number>;

interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Runs the jobs now and every hour, one after the other; one that fails is tried again with the next round. */
export function keepHouse(jobs: Readonly<Record<string, Job>>, logger: Logger): { close(): Promise<void> } {
  async function round(): Promise<void> {
    for (const [job, run] of Object.entries(jobs)) {
      try {
        const removed = await run();
        if (removed > 0) logger.info({ job, removed }, 'removed what nobody needs');
      } catch (error) {
        logger.warn({ job, err: error }, 'could not remove what nobody needs');
      }
    }
  }
  let running = round();
  const timer = setInterval(() => {
    running = running.then(round);
  }, HOUR_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
