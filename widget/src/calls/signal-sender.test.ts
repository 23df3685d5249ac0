import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SignalSender } from './signal-sender.ts';
import type { Packet } from './signals.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const room = 'r';
const candidate = (number: number) => ({ candidate: `candidate:${number}` });

function recorder() {
  const sent: { at: number; packet: Packet }[] = [];
  const begun = Date.now();
  const sender = new SignalSender(room, (packet) => sent.push({ at: Date.now() - begun, packet }));
  return { sent, sender };
}

test('candidates that come in a rush go together, after the description they belong to', async () => {
  const { sent, sender } = recorder();
  sender.send({ description: { type: 'offer', sdp: 'v=0' } });
  for (const number of [1, 2, 3]) sender.send({ candidates: [candidate(number)] });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent.map(({ packet }) => packet)).toEqual([
    { room, description: { type: 'offer', sdp: 'v=0' } },
    { room, candidates: [candidate(1), candidate(2), candidate(3)] },
  ]);
});

test('never more in a second than the server takes, however much there is to say', async () => {
  const { sent, sender } = recorder();
  sender.send({ description: { type: 'offer', sdp: 'x'.repeat(60_000) } });
  sender.send({ media: { microphone: true, camera: false } });
  for (let times = 0; times < 10; times += 1) sender.send({ media: { microphone: true, camera: times % 2 === 0 } });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent.length).toBeGreaterThan(20);
  for (const { at } of sent) {
    expect(sent.filter((other) => other.at >= at && other.at < at + 1_000).length).toBeLessThanOrEqual(8);
  }
  expect(sent.at(-1)?.packet).toMatchObject({ media: { microphone: true, camera: false } });
});

test('nothing is said after the end', async () => {
  const { sent, sender } = recorder();
  sender.send({ candidates: [candidate(1)] });
  sender.close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([]);
});
