import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visit, type Visit } from '../../../test-support/api-visit.ts';
import { filesBelow } from '../../../test-support/folder-listing.ts';
import { eventually, httpCaller, type Answer, type HttpCaller } from '../../../test-support/http-calls.ts';
import { formWith, gifWithHtml, html, png, scriptedSvg } from '../../../test-support/sample-files.ts';
import { signIn, type SignedInAgent } from '../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../test-support/stack.ts';
import type { ApiFile } from './console-api/wire.ts';

const PASSWORD = 'correct-horse-1';

const filesDir = mkdtempSync(join(tmpdir(), 'openkefu-files-'));
let stack: Stack;
let db: pg.Client;
let anybody: HttpCaller;
let ann: Visit;
let sam: SignedInAgent;

beforeAll(async () => {
  const agents = [{ user_name: 'sam', password: PASSWORD }];
  const businesses = [
    { business_id: 'acme', agents },
    { business_id: 'shut', state: 'close' },
  ];
  stack = await startStack({ bootstrap: { businesses }, webEnv: { FILES_DIR: filesDir } });
  db = new pg.Client(stack.databaseUrl);
  await db.connect();
  anybody = httpCaller(stack.webUrl);
  ann = await visit(stack.webUrl, 'acme');
  sam = await signIn(stack.webUrl, 'sam', PASSWORD);
});

afterAll(async () => {
  await db.end();
  await stack.stop();
  rmSync(filesDir, { recursive: true, force: true });
});

/** What is kept of files: on disk, and in the database. */
async function kept(): Promise<{ files: string[]; rows: number }> {
  const { rows } = await db.query<{ count: number }>('select count(*)::int as count from files');
  return { files: filesBelow(filesDir), rows: rows[0]?.count ?? 0 };
}

const byApi = (bytes: Buffer, name: string, calls = ann.calls) =>
  calls.upload<ApiFile>('/api/v1/files', formWith('file', { bytes, name }));
const byWolive = (bytes: Buffer, name: string, fields: Record<string, string> = {}, calls = anybody) =>
  calls.upload<{ code: number; data: string }>('/admin/event/uploadfile', formWith('folder', { bytes, name }, fields));

async function bytesAt(address: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(stack.webUrl + address)).arrayBuffer());
}

describe('sending up', () => {
  it('A31, L31: twenty at once through two doors, and each is what it was', async () => {
    const sent = Array.from({ length: 20 }, () => randomBytes(200_000));
    const addresses = await Promise.all(
      sent.map(async (bytes, n) => {
        if (n % 2 === 0) return (await byApi(bytes, 'a.bin')).body.url;
        return (await byWolive(bytes, 'a.bin')).body.data;
      }),
    );
    expect(new Set(addresses).size).toBe(20);
    for (const [n, address] of addresses.entries())
      expect((await bytesAt(address)).equals(sent[n] ?? Buffer.of())).toBe(true);
    expect(filesBelow(join(filesDir, 'incoming'))).toEqual([]);
  });

  it.each(['/api/v1/files', '/admin/event/uploadfile'])(
    'A31, L33: cut off halfway at %s, nothing is kept',
    async (path) => {
      const before = await kept();
      const { hostname, port } = new URL(stack.webUrl);
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      const head = [`POST ${path} HTTP/1.1`, `Host: ${hostname}`, `Authorization: Bearer ${ann.session.token ?? ''}`];
      const form = ['Content-Type: multipart/form-data; boundary=cut', 'Content-Length: 9000000', '', '--cut'];
      const field = path === '/api/v1/files' ? 'file' : 'folder';
      const part = [`Content-Disposition: form-data; name="${field}"; filename="a.bin"`, '', 'x'.repeat(500_000)];
      socket.write([...head, ...form, ...part].join('\r\n'));
      await eventually(
        () => Promise.resolve(filesBelow(join(filesDir, 'incoming'))),
        (names) => names.length === 1,
      );
      socket.destroy();
      await eventually(kept, (now) => now.files.length === before.files.length);
      expect(await kept()).toEqual(before);
    },
  );

  it('A31, L33: from whoever may not, or to where nobody is, nothing is kept', async () => {
    const other = await visit(stack.webUrl, 'acme');
    const before = await kept();
    const file = randomBytes(100_000);
    const ids = { business_id: 'acme', visiter_id: ann.session.visitorId, service_id: '0' };
    const picture = formWith('img_head', { bytes: png(2, 2), name: 'a.png' });
    const refused: Answer<unknown>[] = [
      await byWolive(file, 'a.bin', ids),
      await byWolive(file, 'a.bin', { ...ids, visitor_token: 'wrong' }),
      await byWolive(file, 'a.bin', ids, other.calls),
      await byWolive(file, 'a.bin', { ...ids, business_id: 'nowhere' }),
      await byWolive(file, 'a.bin', { ...ids, business_id: 'shut' }),
      await byWolive(file, 'a.bin', { ...ids, channel: 'ffff' }),
      await byApi(file, 'a.bin', anybody),
      await byApi(file, 'a.bin', anybody.with({ Authorization: 'Bearer wrong' })),
      await byApi(file, 'a.bin', httpCaller(stack.webUrl, { Cookie: sam.cookie })),
      await byApi(file, 'a.bin', sam.calls.with({ Origin: 'https://evil.example' })),
      await anybody.upload('/admin/manager/uploadpic', picture),
      await sam.calls.with({ Origin: 'https://evil.example' }).upload('/admin/manager/uploadpic', picture),
    ];
    for (const { status, body } of refused) {
      const { code } = Object(body) as { code?: unknown };
      expect({ status: status < 500, refused: status >= 400 || code === 1 }).toEqual({ status: true, refused: true });
    }
    expect(await kept()).toEqual(before);
  });
});

describe('what a file’s address answers', () => {
  const jpegWithScript = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), html]);
  const pngWithScript = Buffer.concat([png(4, 4), Buffer.from('<script>alert(1)</script>')]);
  const pdfWithHtml = Buffer.concat([Buffer.from('%PDF-1.4\n'), html]);
  const manifest = Buffer.from('CACHE MANIFEST\n/\n');

  it.each([
    ['a GIF that is a page too', gifWithHtml],
    ['a PNG with a script behind it', pngWithScript],
    ['a JPEG that is none', jpegWithScript],
    ['a PDF that is a page', pdfWithHtml],
    ['a drawing that runs', scriptedSvg],
    ['a page', html],
    ['a script', Buffer.from('alert(1)')],
    ['a style', Buffer.from('body{background:url(//evil.example)}')],
    ['a list for a cache', manifest],
  ])('A35: %s, under the worst of names, runs nowhere', async (_what, bytes) => {
    for (const name of [
      'a.html',
      'a.svg',
      'a.js',
      'a.png',
      'a.html;.png',
      'a"; filename=b.html',
      'a.xhtml\u202egnp.',
    ]) {
      const { body } = await byApi(bytes, name);
      const { status, headers } = await anybody.get(body.url);
      const type = headers.get('content-type') ?? '';
      const disposition = headers.get('content-disposition') ?? '';
      expect(status).toBe(200);
      expect(type).toMatch(/^(image\/(png|jpeg|gif|webp)|application\/octet-stream)$/);
      expect(disposition).toMatch(type.startsWith('image/') ? /^inline; / : /^attachment; /);
      expect(disposition).toMatch(/^\w+; filename\*=UTF-8''[\w%.~!-]+$/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(headers.get('set-cookie')).toBeNull();
    }
  });

  it('A35: a name says nothing to the headers', async () => {
    const raw = (name: string) =>
      ann.calls.raw<ApiFile>(
        'POST',
        '/api/v1/files',
        'multipart/form-data; boundary=b',
        `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\nwords\r\n--b--\r\n`,
      );
    for (const name of [
      'a%0d%0aX-Evil: 1.txt',
      'a\\r\\nX-Evil: 1.txt',
      '../../../etc/cron.d/a',
      'C:\\fakepath\\a.txt',
      '.htaccess',
      '..',
    ]) {
      const { status, body } = await raw(name);
      expect({ name, status }).toEqual({ name, status: 201 });
      expect(body.name).not.toMatch(/[/\\]|^\.*$/);
      const { headers } = await anybody.get(body.url);
      expect(headers.get('x-evil')).toBeNull();
    }
    expect(filesBelow(filesDir).every((path) => /^[0-9a-f]{2}\/[0-9a-f]{32}$/.test(path))).toBe(true);
  });

  it('A35: parts of it, and none beyond its end', async () => {
    const { url } = (await byApi(Buffer.from('0123456789'), 'a.txt')).body;
    const part = async (range: string) => {
      const answer = await anybody.with({ Range: range }).get<unknown>(url);
      return [answer.status, String(answer.body)];
    };
    expect(await part('bytes=0-0')).toEqual([206, '0']);
    expect(await part('bytes=-3')).toEqual([206, '789']);
    expect(await part('bytes=8-99')).toEqual([206, '89']);
    expect((await part('bytes=10-'))[0]).toBe(416);
    for (const odd of ['bytes=x', 'lines=0-1', 'bytes=5-2']) expect((await part(odd))[0]).toBeOneOf([200, 416]);
    const head = await anybody.json('HEAD', url);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await anybody.json(method, url)).status).toBe(404);
  });
});
