import net from 'node:net';

/** A port that passes bytes through to another one and keeps them, of both directions. */
export interface Wiretap {
  readonly port: number;
  overheard(): string;
  close(): void;
}

export async function openWiretap(target: number): Promise<Wiretap> {
  const chunks: Buffer[] = [];
  const open = new Set<net.Socket>();
  const tap = net.createServer((client) => {
    const server = net.connect(target, '127.0.0.1');
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => socket.destroy());
      socket.on('close', () => open.delete(socket));
    }
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => tap.listen(0, '127.0.0.1', resolve));
  const address = tap.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    overheard: () => Buffer.concat(chunks).toString('utf8'),
    close: () => {
      tap.close();
      for (const socket of open) socket.destroy();
    },
  };
}
