import { expect, test } from 'vitest';
import { packetsOf, SignalReader, type Signal } from './signals.ts';

const room = 'ab'.repeat(16);
/** A description with as many codecs and candidates as no browser makes, and signs that take two in JSON. */
const large: Signal = { description: { type: 'offer', sdp: 'a=candidate:"1"\r\n'.repeat(2_000) } };

const onTheWire = (packet: object) => JSON.parse(JSON.stringify(packet)) as unknown;

test('a small signal is one event, and is read as it was', () => {
  const signal: Signal = { candidates: [{ candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 }] };
  const packets = packetsOf(room, signal, '1');
  expect(packets).toEqual([{ room, ...signal }]);
  expect(packets.map((packet) => new SignalReader(room).read(onTheWire(packet)))).toEqual([signal]);
});

test('a large one travels in parts that the server takes, in any order, and twice', () => {
  const packets = packetsOf(room, large, '7');
  expect(packets.length).toBeGreaterThan(4);
  for (const packet of packets) expect(JSON.stringify(packet).length).toBeLessThan(10_000);
  const reader = new SignalReader(room);
  const read = [...packets.slice(1), ...packets.slice(1, 3), ...packets.slice(0, 1)].map((packet) =>
    reader.read(onTheWire(packet)),
  );
  expect(read.slice(0, -1).every((signal) => signal === null)).toBe(true);
  expect(read.at(-1)).toEqual(large);
});

test('parts of several that were lost halfway take no room for ever', () => {
  const reader = new SignalReader(room);
  for (let number = 0; number < 20; number += 1) {
    const [first] = packetsOf(room, large, String(number));
    expect(reader.read(first)).toBeNull();
  }
  const packets = packetsOf(room, large, 'whole');
  expect(packets.map((packet) => reader.read(packet)).at(-1)).toEqual(large);
});

test.each([
  null,
  'offer',
  {},
  { room: 'another', candidates: [] },
  { room, description: { type: 'rollback', sdp: '' } },
  { room, description: { type: 'offer' } },
  { room, media: { microphone: 'yes', camera: true } },
  { room, part: { id: '1', index: 5, count: 2, text: '' } },
  { room, part: { id: '1', index: 0, count: 5_000, text: '' } },
  { room, part: { id: '1', index: 0, count: 1, text: '{' } },
  { room, part: { id: 1, index: 0, count: 1, text: '{}' } },
])('%j is no signal of this call', (data) => {
  expect(new SignalReader(room).read(data)).toBeNull();
});
