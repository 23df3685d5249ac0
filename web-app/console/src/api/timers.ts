/** Timers that end together with whatever owns them. */
export interface Timers {
  /** Answers the function that calls it off. */
  later(ms: number, act: () => void): () => void;
  /** As `later`, again and again. */
  every(ms: number, act: () => void): () => void;
  close(): void;
}

export function createTimers(): Timers {
  const running = new Set<ReturnType<typeof setTimeout>>();
  let closed = false;

  function stop(timer: ReturnType<typeof setTimeout>): void {
    // The two kinds share one space of ids, and either call stops either kind.
    clearTimeout(timer);
    running.delete(timer);
  }

  return {
    later(ms, act) {
      if (closed) return () => {};
      const timer = setTimeout(() => {
        running.delete(timer);
        act();
      }, ms);
      running.add(timer);
      return () => stop(timer);
    },
    every(ms, act) {
      if (closed) return () => {};
      const timer = setInterval(act, ms);
      running.add(timer);
      return () => stop(timer);
    },
    close() {
      closed = true;
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
}
