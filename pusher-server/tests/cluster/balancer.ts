import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP balancer as stands before several nodes: each connection goes to the next port that takes it. */
export class Balancer {
  readonly port: number;
  readonly #server: Server;
  readonly #ports: readonly number[];
  readonly #sockets = new Set<Socket>();
  #next = 0;

  private constructor(server: Server, ports: readonly number[]) {
    this.#server = server;
    this.#ports = ports;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near: Socket) => {
      this.#keep(near);
      const first = this.#next++;
      this.#pass(
        near,
        this.#ports.map((_, index) => this.#ports[(first + index) % this.#ports.length] ?? 0),
      );
    });
  }

  static async before(ports: readonly number[]): Promise<Balancer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Balancer(server, ports);
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // Told to the other end by the close.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #pass(near: Socket, [port, ...others]: readonly number[]): void {
    if (port === undefined || near.destroyed) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    this.#keep(far);
    let isConnected = false;
    far.once('connect', () => {
      isConnected = true;
      near.pipe(far);
      far.pipe(near);
      near.once('close', () => far.destroy());
    });
    far.once('close', () => {
      if (isConnected) near.destroy();
      else this.#pass(near, others);
    });
  }
}
