import type { TemplatedApp, WebSocket } from 'uWebSockets.js';
import type { Socket } from './socket.ts';

/** One app of the vendor's and how many WebSockets it has; topics are an app's own. */
export interface ServedApp {
  readonly app: TemplatedApp;
  sockets: number;
}

/** What every socket of the vendor's carries for this folder. */
export interface AtHome {
  readonly home: ServedApp;
}

/** The app that carries a socket; `null` for one that the vendor does not carry. */
export function homeOf(socket: Socket): ServedApp | null {
  return isVendors(socket) ? socket.getUserData().home : null;
}

function isVendors(socket: Socket): socket is Socket & Pick<WebSocket<AtHome>, 'getUserData'> {
  return 'getUserData' in socket;
}
