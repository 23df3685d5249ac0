/** What is sent in every scenario: with name, channel and data a frame of about 200 bytes, as a chat message is. */
export const EVENT = 'bench-event';
export const CLIENT_EVENT = 'client-bench-event';

const TEXT = 'The quick brown fox jumps over the lazy dog, and the dog does not mind.';

/** Different each time, so that nothing can be answered from memory. */
export function eventData(index: number): string {
  return JSON.stringify({ number: index, text: TEXT });
}

/** A user's id; all have the same length. */
export function memberId(index: number): string {
  return `user-${String(index).padStart(6, '0')}`;
}

/** What others see of a user, as JSON: a name, as a chat shows it. */
export function userInfo(index: number): string {
  return JSON.stringify({ name: `Visitor ${String(index).padStart(6, '0')}` });
}
