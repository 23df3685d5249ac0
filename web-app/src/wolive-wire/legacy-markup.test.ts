import { describe, expect, it } from 'vitest';
import { bodyOfMarkup } from './legacy-markup.ts';

const key = '0123456789abcdef0123456789abcdef';
const path = `/files/${key}/photo.png`;
const at = (content: string) => bodyOfMarkup(content, ['https://chat.example', 'http://127.0.0.1:3000']);
const image = { type: 'image', content: { key } };
const file = { type: 'file', content: { key } };
const text = (words: string) => ({ type: 'text', content: { text: words } });

describe('what a WoLive client means', () => {
  it.each([
    `<img src="${path}">`,
    `<img src='https://chat.example${path}' class="chat-img" onclick="getbig(this)" />`,
    `  <IMG alt=x SRC=http://127.0.0.1:3000${path}>  `,
    `img[${path}]`,
    `img[https://chat.example${path}]`,
    `<img src="/files/${key}">`,
  ])('an image: %s', (content) => {
    expect(at(content)).toEqual(image);
  });

  it.each([
    `<a href="${path}">photo.png</a>`,
    `<a style="color:red" href='https://chat.example${path}' download="photo.png"><i class="icon"></i><br>photo.png</a>`,
    `file(${path})[photo.png]`,
    `file(https://chat.example/files/${key}/a%20b.pdf)[a b.pdf]`,
  ])('a file: %s', (content) => {
    expect(at(content)).toEqual(file);
  });

  it.each([
    '<img src="https://elsewhere.example/a.png">',
    `<img src="https://elsewhere.example${path}">`,
    `<img src="//elsewhere.example${path}">`,
    `<img src="${path}" onerror="a>b">`,
    `<img src="${path}"><img src="${path}">`,
    `look: <img src="${path}">`,
    `<img data-src="${path}">`,
    `<img src="/files/../files/x/a.png">`,
    `<a href="javascript:alert(1)">x</a>`,
    `<a href="${path}">one</a><a href="${path}">two</a>`,
    `<script src="${path}"></script>`,
    `img[https://elsewhere.example/a.png]`,
    `file(javascript:alert(1))[x]`,
    'img[]',
    '<img>',
    'a < b && c > d',
    '&lt;b&gt;',
  ])('text, as it was written: %s', (content) => {
    expect(at(content)).toEqual(text(content));
  });

  it('faces are emoji, wherever they stand; unknown ones stay', () => {
    expect(at('你好face[微笑] face[赞]face[ok]')).toEqual(text('你好🙂 👍👌'));
    expect(at('face[没有] face[] interface[微笑]')).toEqual(text('face[没有] face[] inter🙂'));
  });

  it('is quick with what was made to be slow', () => {
    const began = performance.now();
    for (const evil of [
      '<a '.repeat(3000),
      `<a x>${'<a'.repeat(4000)}`,
      `<img${' src='.repeat(2500)}>`,
      'face['.repeat(2000),
    ]) {
      expect(at(evil)).toEqual(text(evil));
    }
    expect(performance.now() - began).toBeLessThan(500);
  });
});
