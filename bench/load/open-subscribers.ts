import { each } from './each.ts';
import type { Target } from './messages.ts';
import { LoadSocket } from './web-socket.ts';
import { WIRES } from './wires.ts';

/** Connections that are being opened at any time; more would only fill the server's accept queue. */
const AT_ONCE = 50;
const SOCKET_ID = /socket_id\\":\\"([0-9.]+)/;

/** A connected client and the id that the server gave it. */
export interface Client {
  readonly socket: LoadSocket;
  readonly socketId: string;
}

/** Connects `count` clients, each subscribed to the channel that `channelOf` names for it. */
export async function openSubscribers(
  target: Target,
  count: number,
  channelOf: (index: number) => string,
  atOnce = AT_ONCE,
): Promise<LoadSocket[]> {
  const sockets: LoadSocket[] = [];
  try {
    await each(count, atOnce, async (index) => {
      sockets[index] = await openSubscriber(target, channelOf(index));
    });
    return sockets;
  } catch (error) {
    for (const socket of sockets) socket?.destroy();
    throw error;
  }
}

/** Connects clients without a channel. */
export async function openClients(target: Target, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  await each(count, AT_ONCE, async (index) => {
    clients[index] = await openClient(target);
  });
  return clients;
}

/** Connects one client; resolves when the server has answered its subscription. */
export async function openSubscriber(target: Target, channel: string): Promise<LoadSocket> {
  const { socket, socketId } = await openClient(target);
  socket.send(WIRES[target.dialect].subscribe(channel, socketId));
  await socket.until(2);
  return socket;
}

async function openClient({ dialect, port }: Target): Promise<Client> {
  const socket = await LoadSocket.open(port, WIRES[dialect].path);
  let first = '';
  socket.onText = (text) => (first = text);
  await socket.until(1);
  socket.onText = null;
  return { socket, socketId: SOCKET_ID.exec(first)?.[1] ?? '' };
}
