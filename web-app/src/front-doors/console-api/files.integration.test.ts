import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, messagesOf, visit as visitAt, type Visit } from '../../../../test-support/api-visit.ts';
import { filesBelow } from '../../../../test-support/folder-listing.ts';
import { eventually, httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import {
  formWith,
  gifWithHtml,
  html,
  oggOpus,
  png,
  pngBomb,
  scriptedSvg,
} from '../../../../test-support/sample-files.ts';
import { signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type { ApiFile, ApiMessage } from './wire.ts';

const PASSWORD = 'correct-horse-1';
const MOST_BYTES = 18 * 1024 * 1024;
const agent = (user_name: string) => ({ user_name, nick_name: user_name, password: PASSWORD });

const filesDir = mkdtempSync(join(tmpdir(), 'openkefu-files-'));
let stack: Stack;
let db: pg.Client;
let ann: Visit;
let alice: SignedInAgent;

beforeAll(async () => {
  const businesses = [
    { business_id: 'acme', agents: [agent('alice')] },
    { business_id: 'other', agents: [agent('oscar')] },
  ];
  stack = await startStack({ bootstrap: { businesses }, webEnv: { FILES_DIR: filesDir } });
  db = new pg.Client(stack.databaseUrl);
  await db.connect();
  ann = await visitAt(stack.webUrl, 'acme');
  alice = await signIn(stack.webUrl, 'alice', PASSWORD);
});

afterAll(async () => {
  await db.end();
  await stack.stop();
  rmSync(filesDir, { recursive: true, force: true });
});

const incoming = () => filesBelow(join(filesDir, 'incoming'));
const up = (calls: HttpCaller, file: Parameters<typeof formWith>[1], field = 'file') =>
  calls.upload<ApiFile>('/api/v1/files', formWith(field, file));

async function stored(calls: HttpCaller, bytes: Buffer | string, name: string): Promise<ApiFile> {
  const { status, body } = await up(calls, { bytes, name });
  expect(status).toBe(201);
  return body;
}

function send({ calls, conversationId }: Visit, body: object, clientId: string = randomUUID()) {
  const path = `/api/v1/conversations/${conversationId}/messages`;
  return calls.json<ApiMessage>('POST', path, { clientId, ...body });
}

describe('sending up', () => {
  it('A31: an image, with what its bytes say of it', async () => {
    const bytes = png(40, 30);
    const { status, body } = await up(ann.calls, { bytes, name: 'photo.txt', type: 'text/html' });
    expect(status).toBe(201);
    expect(body).toEqual({
      key: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      url: `/files/${body.key}/photo.txt`,
      name: 'photo.txt',
      size: bytes.length,
      type: 'image/png',
      width: 40,
      height: 30,
    });
    expect(filesBelow(filesDir)).toContain(join(body.key.slice(0, 2), body.key));
  });

  it('A31: an agent’s needs the CSRF token; a stranger sends nothing up', async () => {
    const file = { bytes: 'words', name: 'a.txt' };
    expect((await up(alice.calls, file)).status).toBe(201);
    expectProblem(await up(httpCaller(stack.webUrl, { Cookie: alice.cookie }), file), 403, 'forbidden');
    expectProblem(await up(httpCaller(stack.webUrl), file), 401, 'unauthorized');
  });

  it('A31: what is empty, missing, too large, two, or no form is refused and leaves nothing behind', async () => {
    const before = filesBelow(filesDir);
    expectProblem(await up(ann.calls, { bytes: '', name: 'a.txt' }), 422, 'invalid');
    expectProblem(await up(ann.calls, { bytes: Buffer.alloc(MOST_BYTES + 1), name: 'a.bin' }), 413, 'too_large');
    expectProblem(await up(ann.calls, { bytes: 'x', name: 'a.txt' }, 'upload'), 400, 'malformed');
    const two = formWith('file', { bytes: 'x', name: 'a.txt' });
    two.append('file', new Blob(['y']), 'b.txt');
    expectProblem(await ann.calls.upload('/api/v1/files', two), 400, 'malformed');
    const none = new FormData();
    none.append('name', 'x');
    expectProblem(await ann.calls.upload('/api/v1/files', none), 422, 'invalid');
    const broken = await ann.calls.raw('POST', '/api/v1/files', 'multipart/form-data; boundary=x', '--x\r\nbroken');
    expectProblem(broken, 400, 'malformed');
    expectProblem(await ann.calls.raw('POST', '/api/v1/files', 'multipart/form-data', 'x'), 400, 'malformed');
    expectProblem(await ann.calls.json('POST', '/api/v1/files', { file: 'x' }), 422, 'invalid');
    expect(filesBelow(filesDir)).toEqual(before);
  });

  it('A31: exactly 18 MB are taken', async () => {
    expect((await up(ann.calls, { bytes: randomBytes(MOST_BYTES), name: 'a.bin' })).body.size).toBe(MOST_BYTES);
  });

  it('A31: cut off halfway, nothing is left', async () => {
    const { hostname, port } = new URL(stack.webUrl);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head = [
      'POST /api/v1/files HTTP/1.1',
      `Host: ${hostname}`,
      `Authorization: Bearer ${ann.session.token ?? ''}`,
    ];
    const form = ['Content-Type: multipart/form-data; boundary=cut', 'Content-Length: 9000000', '', '--cut'];
    const part = ['Content-Disposition: form-data; name="file"; filename="a.bin"', '', 'x'.repeat(500_000)];
    socket.write([...head, ...form, ...part].join('\r\n'));
    await eventually(
      () => Promise.resolve(incoming()),
      (names) => names.length === 1,
    );
    socket.destroy();
    await eventually(
      () => Promise.resolve(incoming()),
      (names) => names.length === 0,
    );
  });

  it('A32: whatever it calls itself, only what can be shown as an image is one', async () => {
    const disguised = { svg: scriptedSvg, html, half: png(300, 200).subarray(0, 60) };
    for (const [name, bytes] of Object.entries(disguised)) {
      const { key, type, width } = await stored(ann.calls, bytes, `${name}.png`);
      expect({ name, width, isImage: type.startsWith('image/') && name !== 'half' }).toEqual({
        name,
        width: null,
        isImage: false,
      });
      expectProblem(await send(ann, { type: 'image', content: { key } }), 422, 'invalid');
    }
  });

  it('A32: a picture that would unpack into gigabytes is refused', async () => {
    const before = filesBelow(filesDir);
    expectProblem(await up(ann.calls, { bytes: pngBomb(30_000, 30_000), name: 'a.png' }), 422, 'invalid');
    expect(filesBelow(filesDir)).toEqual(before);
  });

  it.each([
    ['发票 2026年.pdf', '发票 2026年.pdf'],
    ['../../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['invoice\u202ecod.exe', 'invoice_cod.exe'],
    ['a\u0085b\u2066c.txt', 'a_b_c.txt'],
    ['..', 'file'],
    ['"><script>alert(1)</script>.png', 'script_.png'],
  ])('A33: the name %j is kept as %j', async (given, kept) => {
    const { key, name, url } = await stored(ann.calls, 'words', given);
    expect({ name, url }).toEqual({ name: kept, url: `/files/${key}/${encodeURIComponent(kept)}` });
    expect((await httpCaller(stack.webUrl).get(url)).status).toBe(200);
  });

  it('A33: a name with characters that no form may carry is refused', async () => {
    const before = filesBelow(filesDir);
    for (const name of ['a\u0000.txt', 'a\u0001b.txt']) {
      expectProblem(await up(ann.calls, { bytes: 'words', name }), 400, 'malformed');
    }
    expect(filesBelow(filesDir)).toEqual(before);
  });
});

describe('sending in a message', () => {
  it('A34: image, file and voice, each once', async () => {
    const image = await stored(ann.calls, png(8, 6), 'a.png');
    const report = await stored(ann.calls, '%PDF-1.7', '报告.pdf');
    const voice = await stored(ann.calls, oggOpus, 'voice.ogg');
    const sent = [
      await send(ann, { type: 'image', content: { key: image.key } }),
      await send(ann, { type: 'file', content: { key: report.key } }),
      await send(ann, { type: 'voice', content: { key: voice.key, durationMs: 1500 } }),
    ];
    const place = ({ key, url, name, size }: ApiFile) => ({ key, url, name, size });
    const expected = [
      { type: 'image', content: { ...place(image), width: 8, height: 6 } },
      { type: 'file', content: place(report) },
      { type: 'voice', content: { ...place(voice), durationMs: 1500 } },
    ];
    expect(sent.map(({ status, body }) => ({ status, body: body.body }))).toEqual(
      expected.map((body) => ({ status: 201, body })),
    );
    const listed = await messagesOf(ann.calls, ann.conversationId);
    expect(listed.slice(-3).map(({ body }) => body)).toEqual(expected);
    expectProblem(await send(ann, { type: 'file', content: { key: image.key } }), 422, 'invalid');
  });

  it('A34: the same clientId again is the same message', async () => {
    const { key } = await stored(ann.calls, 'words', 'a.txt');
    const body = { type: 'file', content: { key } };
    const first = await send(ann, body, 'file-once');
    const again = await send(ann, body, 'file-once');
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
  });

  it('A34: two messages at once, one gets the file', async () => {
    const { key } = await stored(ann.calls, 'words', 'a.txt');
    const body = { type: 'file', content: { key } };
    const statuses = (await Promise.all([send(ann, body), send(ann, body), send(ann, body)])).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([201, 422, 422]);
    const carrying = (await messagesOf(ann.calls, ann.conversationId)).filter(
      (message) => message.body.type === 'file' && message.body.content.key === key,
    );
    expect(carrying).toHaveLength(1);
  });

  it('A34: somebody else’s, another business’s, an agent’s, an unknown one, and none at all', async () => {
    const bob = await visitAt(stack.webUrl, 'acme');
    const oscar = await signIn(stack.webUrl, 'oscar', PASSWORD);
    const visitor = await visitAt(stack.webUrl, 'other');
    const keys = [
      ...(await Promise.all(
        [bob.calls, alice.calls, oscar.calls, visitor.calls].map(
          async (calls) => (await stored(calls, 'x', 'a.txt')).key,
        ),
      )),
      randomBytes(16).toString('hex'),
    ];
    for (const key of keys) {
      expectProblem(await send(ann, { type: 'file', content: { key } }), 422, 'invalid');
    }
    for (const key of ['', '../../etc/passwd', 'A'.repeat(32), null, 7]) {
      expectProblem(await send(ann, { type: 'file', content: { key } }), 422, 'invalid');
    }
  });

  it('A34: a voice message lasts as long as one can', async () => {
    const { key } = await stored(ann.calls, oggOpus, 'voice.ogg');
    for (const durationMs of [-1, 600_001, 'x', null]) {
      expectProblem(await send(ann, { type: 'voice', content: { key, durationMs } }), 422, 'invalid');
    }
    const words = await stored(ann.calls, 'words', 'voice.ogg');
    expectProblem(await send(ann, { type: 'voice', content: { key: words.key, durationMs: 1 } }), 422, 'invalid');
  });
});

describe('what a file’s address answers', () => {
  const anybody = () => httpCaller(stack.webUrl);

  it('A35: pictures and sounds are shown, as what they are', async () => {
    const image = await stored(ann.calls, gifWithHtml, 'page.html');
    const { status, headers } = await anybody().get(image.url);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/gif',
      'content-disposition': "inline; filename*=UTF-8''page.html",
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const voice = await stored(ann.calls, oggOpus, 'voice.ogg');
    expect((await anybody().get(voice.url)).headers.get('content-type')).toBe('audio/ogg');
  });

  it.each([
    ['a drawing with script', scriptedSvg, 'a.svg'],
    ['a page', html, '报告 (1).html'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'a.pdf'],
  ])('A35: %s is only to be saved', async (_what, bytes, name) => {
    const { headers } = await anybody().get((await stored(ann.calls, bytes, name)).url);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''[\w%.-]+$/);
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  });

  it('A35: in parts, by its key alone, and never without it', async () => {
    const { key, url } = await stored(ann.calls, '0123456789', 'a.txt');
    const part = await anybody().with({ Range: 'bytes=2-4' }).get<number>(url);
    expect([part.status, part.headers.get('content-range'), part.body]).toEqual([206, 'bytes 2-4/10', 234]);
    expect((await anybody().get(`/files/${key}`)).status).toBe(200);
    expect((await anybody().get(`/files/${key}/any-name`)).status).toBe(200);
    const unknown = [
      randomBytes(16).toString('hex'),
      key.toUpperCase(),
      `${key}0`,
      '..%2f..%2fetc%2fpasswd',
      '%00',
      '',
    ];
    for (const wrong of unknown) expect((await anybody().get(`/files/${wrong}/a.txt`)).status).toBe(404);
  });

  it('A35: a file whose bytes are gone is 404', async () => {
    const { key, url } = await stored(ann.calls, 'words', 'a.txt');
    rmSync(join(filesDir, key.slice(0, 2), key));
    const { status, headers } = await anybody().get(url);
    expect([status, headers.get('cache-control')]).not.toContain('public, max-age=31536000, immutable');
    expect(status).toBe(404);
  });
});

it('A36: what nobody sent within a day is forgotten, and what a broken upload left', async () => {
  const unsent = await stored(ann.calls, 'words', 'unsent.txt');
  const sent = await stored(ann.calls, 'words', 'sent.txt');
  const fresh = await stored(ann.calls, 'words', 'fresh.txt');
  await send(ann, { type: 'file', content: { key: sent.key } });
  await db.query(`update files set created_at = now() - interval '25 hours' where key = any($1)`, [
    [unsent.key, sent.key],
  ]);
  const folder = join(filesDir, 'incoming');
  mkdirSync(folder, { recursive: true });
  for (const name of ['old', 'new']) writeFileSync(join(folder, name), 'half');
  const twoHoursAgo = Date.now() / 1000 - 7200;
  utimesSync(join(folder, 'old'), twoHoursAgo, twoHoursAgo);

  await stack.restartWeb();
  await eventually(
    () => Promise.resolve(incoming()),
    (names) => names.join() === 'new',
  );
  const anybody = httpCaller(stack.webUrl);
  const statuses = await Promise.all([unsent, sent, fresh].map(async ({ url }) => (await anybody.get(url)).status));
  expect(statuses).toEqual([404, 200, 200]);
  expect(filesBelow(filesDir)).not.toContain(join(unsent.key.slice(0, 2), unsent.key));
});
