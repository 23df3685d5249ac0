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
export function isFree(port: number, host = loopback): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
