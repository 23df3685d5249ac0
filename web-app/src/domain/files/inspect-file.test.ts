import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { gifWithHtml, html, oggOpus, png, pngBomb, scriptedSvg, webm } from '../../../../test-support/sample-files.ts';
import { inspectFile } from './inspect-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'openkefu-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function looked(bytes: Buffer) {
  const path = join(folder, String((files += 1)));
  writeFileSync(path, bytes);
  return inspectFile(path);
}

describe('what a file is', () => {
  it('a picture, with its size', async () => {
    expect(await looked(png(30, 20))).toMatchObject({ type: 'image/png', width: 30, height: 20 });
    expect(await looked(gifWithHtml)).toMatchObject({ type: 'image/gif', width: 1, height: 1 });
  });

  it('a picture that a camera took upright', async () => {
    const turned = await sharp(png(30, 20)).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await looked(turned)).toMatchObject({ type: 'image/jpeg', width: 20, height: 30 });
  });

  it('sounds, without the parameters of their type', async () => {
    expect(await looked(webm)).toMatchObject({ type: 'video/webm', width: null });
    expect(await looked(oggOpus)).toMatchObject({ type: 'audio/ogg', width: null });
  });

  it('no picture: drawings with script, pages, halves of pictures, words', async () => {
    const whole = png(300, 200);
    for (const bytes of [scriptedSvg, html, whole.subarray(0, 60), Buffer.from('words')]) {
      expect(await looked(bytes)).toMatchObject({ width: null, height: null });
    }
  });

  it('refuses a picture that would unpack into gigabytes, by its head alone', async () => {
    const bomb = pngBomb(30_000, 30_000);
    expect(bomb.length).toBeLessThan(1000);
    await expect(looked(bomb)).rejects.toMatchObject({ code: 'invalid' });
  });
});
