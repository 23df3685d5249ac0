import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, inject, test } from 'vitest';
import { checkDatabaseUrl } from './database-url.ts';

let server: Server | null = null;

/** A server that says the same to everybody who connects and speaks. */
async function serverThatSays(answers: Buffer[], endsAfterwards: boolean): Promise<number> {
  const listening = createServer((socket) => {
    const rest = [...answers];
    socket.on('data', () => {
      const answer = rest.shift();
      if (answer !== undefined) socket.write(answer);
      if (rest.length === 0 && endsAfterwards) socket.end();
    });
    socket.on('error', () => socket.destroy());
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return (listening.address() as AddressInfo).port;
}

afterEach(() => {
  server?.close();
  server = null;
});

/** A message of PostgreSQL's protocol (chapter "Message Formats"): type, length with itself, body. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}
const int32 = (value: number) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);
const int16 = (value: number) => Buffer.from([value >>> 8, value]);

const authenticated = Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]);

/** The answer to the version question: one row of an int4 and a text column. */
function versionAnswer(number: string, name: string): Buffer {
  const column = (title: string, type: number) =>
    Buffer.concat([Buffer.from(`${title}\0`), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]);
  const value = (text: string) => Buffer.concat([int32(text.length), Buffer.from(text)]);
  return Buffer.concat([
    message('T', Buffer.concat([int16(2), column('number', 23), column('name', 25)])),
    message('D', Buffer.concat([int16(2), value(number), value(name)])),
    message('C', Buffer.from('SELECT 1\0')),
    message('Z', Buffer.from('I')),
  ]);
}

test('takes a PostgreSQL that is new enough', async () => {
  await expect(checkDatabaseUrl(inject('adminDatabaseUrl'))).resolves.toBeUndefined();
});

test('refuses what is no PostgreSQL address', async () => {
  const sentence = 'DATABASE_URL: must look like postgres://user:password@host:5432/database.';
  for (const url of ['', 'nonsense', 'mysql://root@127.0.0.1/x', 'http://127.0.0.1']) {
    await expect(checkDatabaseUrl(url)).rejects.toThrow(sentence);
  }
});

test('refuses an address where nothing answers, and a host that nobody knows', async () => {
  await expect(checkDatabaseUrl('postgres://a:b@127.0.0.1:1/c')).rejects.toThrow(
    'DATABASE_URL: nothing answers at 127.0.0.1:1 (ECONNREFUSED).',
  );
  await expect(checkDatabaseUrl('postgres://a:b@no-such-host.invalid/c')).rejects.toThrow(
    /^DATABASE_URL: nothing answers at no-such-host\.invalid:5432 \(E\w+\)\.$/,
  );
});

test('refuses a wrong password and a database that is not there, without showing the password', async () => {
  const wrong = new URL(inject('adminDatabaseUrl'));
  wrong.password = 'not-the-password';
  await expect(checkDatabaseUrl(wrong.href)).rejects.toThrow(
    `DATABASE_URL: PostgreSQL at ${wrong.host} does not let this user in with this password.`,
  );
  const absent = new URL(inject('adminDatabaseUrl'));
  absent.pathname = '/absent';
  await expect(checkDatabaseUrl(absent.href)).rejects.toThrow(
    `DATABASE_URL: PostgreSQL at ${absent.host} has no database 'absent': please create it.`,
  );
});

test('refuses what answers and is not PostgreSQL', async () => {
  const port = await serverThatSays([Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], true);
  await expect(checkDatabaseUrl(`postgres://a:b@127.0.0.1:${port}/c`)).rejects.toThrow(
    `DATABASE_URL: what answers at 127.0.0.1:${port} does not seem to be PostgreSQL`,
  );
});

test('refuses a PostgreSQL before 13', async () => {
  const port = await serverThatSays([authenticated, versionAnswer('120022', '12.22')], false);
  await expect(checkDatabaseUrl(`postgres://a:b@127.0.0.1:${port}/c`)).rejects.toThrow(
    `DATABASE_URL: PostgreSQL 13 or newer is needed, and 127.0.0.1:${port} runs 12.22.`,
  );
});
