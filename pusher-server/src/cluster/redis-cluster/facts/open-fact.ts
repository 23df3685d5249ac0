import type { FactReceipt } from '../../cluster.ts';
import type { Mark } from './kept-delivery.ts';
import type { SendLease } from './sending-scripts.ts';

/** Who has handed facts of a bucket out, and answers for them. */
export interface FactHolder {
  readonly bucket: number;
  /** `null`: nothing of this bucket is this node's to send. */
  readonly lease: SendLease | null;
  settle(fact: OpenFact): void;
  /** A promise while the lease may have run out unnoticed. */
  isHeld(fact: FactReceipt): boolean | Promise<boolean>;
  /** Nobody but this node knows of the fact. */
  isLoose(fact: FactReceipt): boolean;
  /** A delivery whose home is here has ended. */
  end(deliveryId: string): void;
  /** Another node sends this bucket's facts now. */
  passed(): void;
  /** The bucket has lost its past: what was handed out is known here alone. */
  loosen(): void;
}

/** A fact that was handed out and that not every destination has taken or given up yet. */
export class OpenFact implements FactReceipt {
  readonly sender: FactHolder;
  /** Its entry in the bucket's stream. */
  readonly id: string;
  readonly #marks: readonly Mark[];

  constructor(sender: FactHolder, id: string, marks: readonly Mark[]) {
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
