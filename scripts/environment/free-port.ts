import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PlainError } from '../setup/terminal.mjs';

const loopback = '127.0.0.1';

/** A free port below those that systems hand out for outgoing connections, so that it is likely free next time too. */
export async function choosePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(20_000, 30_000);
    if (await isFree(port)) return port;
  }
  throw new PlainError('No free port between 20000 and 29999 was found.');
}

/** Whether somebody could listen on the loopback port now. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenProblem(port, loopback)) === null;
}

/** Why nobody could listen there now, as the system's code (EADDRINUSE, EACCES, …), or null. */
export function listenProblem(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}
