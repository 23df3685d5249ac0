/** The event of every scenario: with its name, channel and data a frame of about 200 bytes, as a chat message is. */
export const EVENT = 'bench-event';

const TEXT = 'The quick brown fox jumps over the lazy dog, and the dog does not mind.';

/** Different each time, so that nothing can be answered from memory. */
export function eventData(index: number): string {
  return JSON.stringify({ number: index, text: TEXT });
}
