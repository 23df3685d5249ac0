import type { Target } from './messages.ts';
import { LoadSocket } from './web-socket.ts';
import { WIRES } from './wires.ts';

/** Connections that are being opened at any time; more would only fill the server's accept queue. */
const AT_ONCE = 50;

/** Connects `count` clients, each subscribed to the channel that `channelOf` names for it. */
export async function openSubscribers(
  target: Target,
  count: number,
  channelOf: (index: number) => string,
): Promise<LoadSocket[]> {
  const sockets: LoadSocket[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      sockets[index] = await openSubscriber(target, channelOf(index));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, worker));
  } catch (error) {
    for (const socket of sockets) socket?.destroy();
    throw error;
  }
  return sockets;
}

/** Connects one client; resolves when the server has answered its subscription. */
async function openSubscriber({ dialect, port }: Target, channel: string): Promise<LoadSocket> {
  const wire = WIRES[dialect];
  const socket = await LoadSocket.open(port, wire.path);
  await texts(socket, 1);
  socket.send(wire.subscribe(channel));
  await texts(socket, 2);
  return socket;
}

/** Resolves when the socket has had that many frames since its beginning. */
function texts(socket: LoadSocket, count: number): Promise<void> {
  if (socket.texts >= count) return Promise.resolve();
  return new Promise((resolve) => {
    socket.onTexts = () => {
      if (socket.texts >= count) resolve();
    };
  });
}
