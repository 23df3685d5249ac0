import type { FactReceipt } from './cluster.ts';

/** One node keeps no record of what it has handed out, so it need not hear what becomes of it. */
export const UNHEARD: FactReceipt = {
  settled: () => undefined,
  isSentTo: () => false,
  isHeld: () => true,
};
