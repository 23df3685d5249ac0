import { connect as connectTcp } from 'node:net';
import type Pusher from 'pusher';
import { connect, type QueueingSocket } from '../../../test-support/websocket-client.ts';

/** How often each thing was done. */
export type Tally = Record<
  'connected' | 'refused' | 'joined' | 'denied' | 'left' | 'events' | 'triggers' | 'closed' | 'killed' | 'aborted',
  number
>;

export interface House {
  readonly port: number;
  readonly key: string;
  readonly rest: Pusher;
  readonly tally: Tally;
}

const CHANNELS = [
  'news',
  'cache-news',
  'private-a',
  'private-cache-b',
  'private-encrypted-c',
  'presence-a',
  'presence-b',
];
const REFUSED_PATHS = ['/app/nobody?protocol=7', '/app/KEY?protocol=99', '/app/KEY?protocol=x', '/elsewhere'];

/** One guest after the other until the time is over; each does as it likes. */
export async function keepComing(house: House, until: number): Promise<void> {
  while (Date.now() < until) {
    const mood = Math.random();
    if (mood < 0.08) await beRefused(house);
    else if (mood < 0.14) await goBeforeTheDoorOpens(house);
    else await stay(house);
  }
}

async function beRefused({ port, key, tally }: House): Promise<void> {
  const path = oneOf(REFUSED_PATHS).replace('KEY', key);
  const client = await connect(`ws://127.0.0.1:${String(port)}${path}`);
  const { code } = await client.closed;
  if (code < 4000 || code > 4099) throw new Error(`${path} was closed with ${String(code)}`);
  tally.refused += 1;
}

/** A request for an upgrade that is never finished. */
function goBeforeTheDoorOpens({ port, key, tally }: House): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1', () => {
      socket.write(`GET /app/${key}?protocol=7 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnec`, () => {
        socket.destroy();
      });
    });
    socket.once('close', () => {
      tally.aborted += 1;
      resolve();
    });
    socket.on('error', () => undefined);
  });
}

async function stay(house: House): Promise<void> {
  const { tally } = house;
  const client = await connect(`ws://127.0.0.1:${String(house.port)}/app/${house.key}?protocol=7`);
  const greeting = (await client.next()) as { event: string; data: string };
  if (greeting.event !== 'pusher:connection_established') {
    // Over the app's quota: refused like the others.
    await client.closed;
    tally.refused += 1;
    return;
  }
  tally.connected += 1;
  const { socket_id } = JSON.parse(greeting.data) as { socket_id: string };
  const acts = 1 + Math.floor(Math.random() * 8);
  for (let act = 0; act < acts; act += 1) await actOnce(house, client, socket_id);
  if (Math.random() < 0.5) {
    client.close(1000);
    tally.closed += 1;
  } else {
    client.socket.terminate();
    tally.killed += 1;
  }
  await client.closed;
}

async function actOnce(house: House, client: QueueingSocket, socketId: string): Promise<void> {
  const channel = oneOf(CHANNELS);
  const mood = Math.random();
  if (mood < 0.5) await join(house, client, socketId, channel);
  else if (mood < 0.65) leave(house, client, channel);
  else if (mood < 0.85) sendEvent(house, client, channel);
  else if (mood < 0.95) await trigger(house, channel);
  else client.send(oneOf(['{', '{"event":1}', 'x'.repeat(20_000), '{"event":"pusher:nothing"}']));
}

async function join({ rest, tally }: House, client: QueueingSocket, socketId: string, channel: string): Promise<void> {
  const forged = Math.random() < 0.1;
  const member = { user_id: `user-${String(Math.floor(Math.random() * 30))}`, user_info: { x: 'y'.repeat(100) } };
  const signed = /^(private|presence)-/.test(channel);
  const isPresence = channel.startsWith('presence-');
  const data = signed ? rest.authorizeChannel(forged ? '1.1' : socketId, channel, isPresence ? member : undefined) : {};
  const { auth, channel_data } = data as { auth?: string; channel_data?: string };
  client.send({ event: 'pusher:subscribe', data: { channel, auth, channel_data } });
  const answer = (await client.next((message) => {
    const { event, channel: about, data: told } = message as { event: string; channel?: string; data?: unknown };
    if (about === channel) return /subscription_(succeeded|error)$/.test(event);
    return event === 'pusher:error' && JSON.stringify(told).includes(`Existing subscription to channel ${channel}"`);
  })) as { event: string };
  tally[answer.event.endsWith('succeeded') ? 'joined' : 'denied'] += 1;
}

function leave({ tally }: House, client: QueueingSocket, channel: string): void {
  client.send({ event: 'pusher:unsubscribe', data: { channel } });
  tally.left += 1;
}

function sendEvent({ tally }: House, client: QueueingSocket, channel: string): void {
  client.send({ event: 'client-hello', channel, data: { text: 'z'.repeat(500) } });
  tally.events += 1;
}

async function trigger({ rest, tally }: House, channel: string): Promise<void> {
  const response = await rest.trigger(channel, 'hello', { text: 'z'.repeat(500) });
  await response.text();
  tally.triggers += 1;
}

function oneOf<Value>(values: readonly Value[]): Value {
  const chosen = values[Math.floor(Math.random() * values.length)];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
}
