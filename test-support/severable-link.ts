import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A piece of network that a test can break: what connects to `port` is connected to the target, both ways, until the
 * test says otherwise.
 */
export interface SeverableLink {
  readonly port: number;
  /** How many connections lead through it now. */
  readonly connections: number;
  /** Breaks every connection, and each new one at once, as a dead machine's kernel would. */
  cut(): void;
  /** Lets no byte pass and closes nothing, as a lost cable does; what is sent meanwhile arrives after `restore`. */
  hold(): void;
  /** Lets everything through again. */
  restore(): void;
  close(): Promise<void>;
}

type State = 'open' | 'held' | 'cut';

/** Puts a link in front of a loopback port. */
export async function severableLink(targetPort: number): Promise<SeverableLink> {
  let state: State = 'open';
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.setNoDelay(true);
    if (state === 'held') from.pause();
    from.on('data', (bytes: Buffer) => {
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => {
      if (state !== 'held') from.resume();
    });
    // A broken connection is told to the other end by its close.
    from.on('error', () => undefined);
    from.once('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((near) => {
    if (state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    state = 'cut';
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port,
    get connections() {
      return sockets.size / 2;
    },
    cut,
    hold: () => {
      state = 'held';
      for (const socket of sockets) socket.pause();
    },
    restore: () => {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
