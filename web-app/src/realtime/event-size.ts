import { isEncryptedName } from './channel-names.ts';
import type { Trigger } from './realtime-server.ts';

/** The most that the data of one event may have, counted on the final bytes (architecture.md). */
export const MAX_EVENT_BYTES = 10 * 1024;

/** `{"nonce":"<32 characters>","ciphertext":"…"}` around the ciphertext, whose bytes are the text's and 16 more. */
const ENVELOPE_BYTES = '{"nonce":"","ciphertext":""}'.length + 32;
const SEAL_BYTES = 16;

/** How many bytes the data has when it is sent. */
export function finalBytes(trigger: Trigger): number {
  const plain = Buffer.byteLength(JSON.stringify(trigger.data));
  if (!isEncryptedName(trigger.channel)) return plain;
  return ENVELOPE_BYTES + 4 * Math.ceil((plain + SEAL_BYTES) / 3);
}

export function fits(trigger: Trigger): boolean {
  return finalBytes(trigger) <= MAX_EVENT_BYTES;
}

/** The first characters of a text, never half of one that takes two units. */
export function beginning(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const cut = text.slice(0, characters);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
