import type { LoadSocket } from './web-socket.ts';

const WAIT_MS = 20_000;

/** Counts the frames that a group of sockets gets, and lets one wait until as many have come as must. */
export class Tally {
  readonly #sockets: readonly LoadSocket[];
  #frames = 0;
  #wanted = Infinity;
  #reached: () => void = () => undefined;

  constructor(sockets: readonly LoadSocket[]) {
    this.#sockets = sockets;
    for (const socket of sockets) {
      socket.onTexts = (count) => {
        this.#frames += count;
        if (this.#frames >= this.#wanted) this.#reached();
      };
    }
  }

  /** Resolves when `count` more frames have come, counted from the call; false when they did not within 20 s. */
  next(count: number): Promise<boolean> {
    this.#wanted = this.#frames + count;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(resolve, false), WAIT_MS);
      this.#reached = () => {
        clearTimeout(timer);
        this.#settle(resolve, true);
      };
    });
  }

  /** How many frames each socket has had so far. */
  mark(): readonly number[] {
    return this.#sockets.map((socket) => socket.texts);
  }

  /** Frames that are missing or too many, when each socket must have had `each` since the mark. */
  losses(mark: readonly number[], each: number): number {
    return this.lossesOf(mark, () => each);
  }

  /** The same where sockets must have had different numbers. */
  lossesOf(mark: readonly number[], wanted: (index: number) => number): number {
    return this.#sockets.reduce(
      (sum, socket, index) => sum + Math.abs(socket.texts - (mark[index] ?? 0) - wanted(index)),
      0,
    );
  }

  #settle(resolve: (reached: boolean) => void, reached: boolean): void {
    this.#wanted = Infinity;
    this.#reached = () => undefined;
    resolve(reached);
  }
}
