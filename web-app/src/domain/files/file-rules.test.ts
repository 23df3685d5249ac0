import { describe, expect, it } from 'vitest';
import { fileUrl } from './file-url.ts';
import { fileName, playedAs } from './file-rules.ts';

describe('a file’s name', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['发票 2026年.pdf', '发票 2026年.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\lori\\photo.png', 'photo.png'],
    ['/a/b/', 'file'],
    ['..', 'file'],
    ['', 'file'],
    ['   ', 'file'],
    ['a\0b\r\nSet-Cookie: x.txt', 'a_b__Set-Cookie_ x.txt'],
    ['invoice\u202egnp.exe', 'invoice_gnp.exe'],
    ['<img src=x onerror=alert(1)>.png', '_img src=x onerror=alert(1)_.png'],
    ['half\ud800.txt', 'half\ufffd.txt'],
  ])('%j is kept as %j', (given, kept) => {
    expect(fileName(given)).toBe(kept);
  });

  it('is cut to 120 characters and keeps its ending', () => {
    const name = fileName(`${'长'.repeat(300)}.docx`);
    expect([...name]).toHaveLength(120);
    expect(name.endsWith('长.docx')).toBe(true);
    expect([...fileName('x'.repeat(300))]).toHaveLength(120);
  });

  it('fits into an address', () => {
    expect(fileUrl({ key: 'k', name: '发票 #1?.pdf' })).toBe('/files/k/%E5%8F%91%E7%A5%A8%20%231%3F.pdf');
  });
});

it('plays what browsers record, and nothing that they run', () => {
  expect(['video/webm', 'audio/ogg', 'video/mp4', 'audio/mpeg'].map(playedAs)).toEqual([
    'audio/webm',
    'audio/ogg',
    'audio/mp4',
    'audio/mpeg',
  ]);
  expect(['text/html', 'image/svg+xml', 'application/pdf', 'image/png'].map(playedAs)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
