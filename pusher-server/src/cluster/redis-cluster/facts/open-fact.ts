import type { FactReceipt } from '../../cluster.ts';
import type { BucketSender } from './bucket-sender.ts';
import type { Mark } from './kept-delivery.ts';

/** A fact that was handed out and that not every destination has taken or given up yet. */
export class OpenFact implements FactReceipt {
  readonly sender: BucketSender;
  /** Its entry in the bucket's stream. */
  readonly id: string;
  readonly #marks: readonly Mark[];

  constructor(sender: BucketSender, id: string, marks: readonly Mark[]) {
    this.sender = sender;
    this.id = id;
    this.#marks = marks;
  }

  settled(): void {
    this.sender.settle(this);
  }

  isSentTo(destination: string): boolean {
    return this.#marks.some((mark) => mark.destination === destination);
  }

  isHeld(): boolean | Promise<boolean> {
    return this.sender.isHeld(this);
  }
}
