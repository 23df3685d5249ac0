/** Says once that something is away, and once that it is back, however often it is tried meanwhile. */
export class OutageLog {
  readonly #logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  readonly #away: string;
  readonly #back: string;
  #since: number | null = null;

  constructor(
    logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void },
    sentences: { away: string; back: string },
  ) {
    this.#logger = logger;
    this.#away = sentences.away;
    this.#back = sentences.back;
  }

  failed(reason: unknown): void {
    if (this.#since !== null) return;
    this.#since = Date.now();
    this.#logger.warn(reason instanceof Error ? { err: reason } : { reason }, this.#away);
  }

  /** True when this ended an outage. */
  worked(): boolean {
    if (this.#since === null) return false;
    this.#logger.info({ awayMs: Date.now() - this.#since }, this.#back);
    this.#since = null;
    return true;
  }
}
