import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesBelow } from '../../../../test-support/folder-listing.ts';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { formWith, html, png, pngBomb, scriptedSvg } from '../../../../test-support/sample-files.ts';
import { onLine, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { expectReply, visiterCalls, type WoliveList, type WoliveReply } from '../../../../test-support/wolive-calls.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string) => ({ user_name, password: PASSWORD, max_conversations: 500 });
const PATH = /^\/files\/[0-9a-f]{32}\//;

const filesDir = mkdtempSync(join(tmpdir(), 'openkefu-files-'));
let stack: Stack;
let anybody: HttpCaller;
let notice: ReturnType<typeof visiterCalls>['notice'];
let chats: ReturnType<typeof visiterCalls>['chats'];
let anna: SignedInAgent;

beforeAll(async () => {
  const businesses = [
    { business_id: 'shop', legacy_visitors: true, agents: [agent('anna')] },
    { business_id: 'proof', agents: [agent('paul')] },
    { business_id: 'shut', state: 'close', legacy_visitors: true },
  ];
  stack = await startStack({ bootstrap: { businesses }, webEnv: { FILES_DIR: filesDir } });
  anybody = httpCaller(stack.webUrl);
  ({ notice, chats } = visiterCalls(stack.webUrl));
  anna = await onLine(stack.webUrl, 'anna', PASSWORD);
});

afterAll(async () => {
  anna.leave();
  await stack.stop();
  rmSync(filesDir, { recursive: true, force: true });
});

interface Uploaded {
  code: number;
  msg: string;
  data: string;
}

type File = Parameters<typeof formWith>[1];

const upload = (file: File, fields?: Record<string, string>, path = '/admin/event/upload', field = 'upload') =>
  anybody.upload<Uploaded>(path, formWith(field, file, fields));
const uploadFile = (file: File, fields?: Record<string, string>) =>
  upload(file, fields, '/admin/event/uploadfile', 'folder');

let visitors = 0;
async function somebody() {
  const visiter_id = `f${(visitors += 1)}`;
  const service_id = String((await notice('shop', visiter_id)).body.data['service_id']);
  return { business_id: 'shop', visiter_id, service_id };
}

/** What the agent's history shows of a visitor, as HTML. */
async function contents(visiter_id: string): Promise<unknown[]> {
  const fields = { visiter_id, puttime: '7' };
  const { body } = await anna.calls.form<WoliveList>('/admin/set/getviews', fields);
  return body.data.map((row) => row['content']);
}

describe('uploads', () => {
  it('L30: the document’s form, which holds the image and nothing else', async () => {
    const image = { bytes: png(4, 3), name: 'photo.png' };
    for (const prefix of ['', '/index.php']) {
      const { status, headers, body } = await upload(image, {}, `${prefix}/admin/event/upload`);
      expect({ status, code: body.code, msg: body.msg }).toEqual({ status: 200, code: 0, msg: '' });
      expect(body.data).toMatch(PATH);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect((await anybody.get(body.data)).headers.get('content-type')).toBe('image/png');
    }
  });

  it('L30: an image is what can be shown as one', async () => {
    const before = filesBelow(filesDir);
    const names = { 'a.svg': scriptedSvg, 'a.png': html, 'b.png': pngBomb(30_000, 30_000), 'c.png': Buffer.alloc(0) };
    for (const [name, bytes] of Object.entries(names)) {
      const { status, body } = await upload({ bytes, name, type: 'image/png' });
      expect({ name, status, code: body.code }).toEqual({ name, status: 200, code: 1 });
    }
    expect(filesBelow(filesDir)).toEqual(before);
  });

  it('L31: any file, only to be saved', async () => {
    const { body } = await uploadFile({ bytes: html, name: '../价目表.html', type: 'text/html' });
    expect(body.code).toBe(0);
    expect(decodeURIComponent(body.data)).toMatch(/^\/files\/\w{32}\/价目表\.html$/);
    const { headers } = await anybody.get(body.data);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment; /);
  });

  it('L32: with the ids in the form it is sent as well', async () => {
    const ids = await somebody();
    const image = await upload({ bytes: png(4, 3), name: 'a.png' }, ids);
    const file = await uploadFile({ bytes: 'words', name: 'b & c.txt' }, ids);
    expect([image.body.code, file.body.code]).toEqual([0, 0]);
    expect(await contents(ids.visiter_id)).toEqual([
      `<img src="${stack.webUrl}${image.body.data}" alt="a.png">`,
      `<a href="${stack.webUrl}${file.body.data}" download="b &amp; c.txt">b &amp; c.txt</a>`,
    ]);
    const { body } = await anna.calls.form<WoliveList>('/admin/set/getchats', {});
    expect(body.data.find((row) => row['visiter_id'] === ids.visiter_id)).toMatchObject({ content: '[文件]' });
  });

  it('L32: a stale agent, a closed business, an unproved visitor: not sent', async () => {
    const ids = await somebody();
    const file = { bytes: 'words', name: 'a.txt' };
    expect((await uploadFile(file, { ...ids, service_id: '999999' })).body.code).toBe(3);
    expect(await contents(ids.visiter_id)).toEqual([]);
    expect((await uploadFile(file, { ...ids, business_id: 'shut' })).body.code).toBe(1);
    await notice('proof', 'p1');
    expect((await uploadFile(file, { ...ids, business_id: 'proof', visiter_id: 'p1' })).body.code).toBe(1);
    expect((await uploadFile(file, { ...ids, visiter_id: 'never-seen' })).body.code).toBe(1);
  });

  it('L33: no file, a second one, another field, too large', async () => {
    const before = filesBelow(filesDir);
    const answers = [
      await anybody.upload<Uploaded>('/admin/event/upload', new FormData()),
      await anybody.form<Uploaded>('/admin/event/upload', { upload: 'x' }),
      await upload({ bytes: png(1, 1), name: 'a.png' }, {}, '/admin/event/upload', 'folder'),
    ];
    const two = formWith('folder', { bytes: 'x', name: 'a.txt' });
    two.append('folder', new Blob(['y']), 'b.txt');
    answers.push(await anybody.upload<Uploaded>('/admin/event/uploadfile', two));
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [200, 1]));
    const large = await uploadFile({ bytes: Buffer.alloc(18 * 1024 * 1024 + 1), name: 'a.bin' });
    expect([large.status, large.body.code]).toEqual([413, 1]);
    expect((await anybody.get('/admin/event/upload')).status).toBe(405);
    expect(filesBelow(filesDir)).toEqual(before);
  });
});

describe('what clients send as markup', () => {
  it('L35: the image that was sent up, through event/chats', async () => {
    const ids = await somebody();
    const { data } = (await upload({ bytes: png(4, 3), name: 'a.png' })).body;
    const sent = await chats({ ...ids, content: `<img src="${stack.webUrl}${data}" onclick="show(this)">` });
    expectReply(sent, 0, 'success');
    expect(sent.body.data['content']).toBe(`<img src="${stack.webUrl}${data}" alt="a.png">`);
    expectReply(await chats({ ...ids, content: `img[${data}]` }), 3, /参数错误/);
  });

  it('L35: the file that an agent sent up, through set/chats', async () => {
    const { visiter_id } = await somebody();
    const { data } = (await uploadFile({ bytes: 'words', name: 'a.txt' })).body;
    const content = `<a href='${data}' style='color:red' download='evil.exe'><b>a.txt</b></a>`;
    const sent = await anna.calls.form<WoliveReply>('/admin/set/chats', { visiter_id, content });
    expectReply(sent, 0, 'success');
    expect(sent.body.data['content']).toBe(`<a href="${stack.webUrl}${data}" download="a.txt">a.txt</a>`);
  });

  it('L35: layui’s forms, and faces', async () => {
    const ids = await somebody();
    const { data } = (await uploadFile({ bytes: 'words', name: 'a.txt' })).body;
    await chats({ ...ids, content: `file(${data})[a.txt]` });
    await chats({ ...ids, content: '好的face[微笑]' });
    expect(await contents(ids.visiter_id)).toEqual([
      `<a href="${stack.webUrl}${data}" download="a.txt">a.txt</a>`,
      '好的🙂',
    ]);
  });

  it('L35: what somebody else sent up cannot be taken; other markup is text', async () => {
    const [one, two] = [await somebody(), await somebody()];
    const { data } = (await upload({ bytes: png(4, 3), name: 'a.png' }, { ...one, service_id: '0' })).body;
    expectReply(await chats({ ...two, content: `<img src="${data}">` }), 3, /参数错误/);
    expectReply(await chats({ ...one, content: `<img src="${data}">` }), 0, 'success');
    const foreign = '<img src="https://elsewhere.example/a.png">';
    await chats({ ...two, content: foreign });
    expect(await contents(two.visiter_id)).toEqual(['&lt;img src="https://elsewhere.example/a.png"&gt;']);
  });
});
