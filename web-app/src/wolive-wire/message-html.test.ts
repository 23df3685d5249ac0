import { describe, expect, it } from 'vitest';
import type { MessageContent } from '../domain/model.ts';
import { messageHtml, messageWords } from './message-html.ts';

const key = '0123456789abcdef0123456789abcdef';
const evil = '"><script>alert(1)</script>';
const named = { key, name: evil, size: 3 };
const shown = (message: MessageContent) => messageHtml(message, 'https://chat.example');

const EVERY_KIND: MessageContent[] = [
  { type: 'text', content: { text: evil } },
  { type: 'image', content: { ...named, width: 1, height: 1 } },
  { type: 'file', content: named },
  { type: 'voice', content: { ...named, durationMs: 900 } },
  {
    type: 'card',
    content: { pid: evil, url: `https://shop.example/?${evil}`, image: '', title: evil, info: evil, price: evil },
  },
];

describe('messages as WoLive shows them', () => {
  it.each(EVERY_KIND)('what somebody wrote into a $type stays text', (message) => {
    for (const html of [shown(message), messageWords(message)]) {
      expect(html).not.toContain('<script');
      expect(html).not.toMatch(/="[^"]*"[^\s>]/);
    }
  });

  it('words, pictures, files, sounds, goods', () => {
    expect(shown({ type: 'text', content: { text: '1 < 2 & 3' } })).toBe('1 &lt; 2 &amp; 3');
    const photo = { key, name: 'a.png', size: 3, width: 1, height: 1 };
    expect(shown({ type: 'image', content: photo })).toBe(
      `<img src="https://chat.example/files/${key}/a.png" alt="a.png">`,
    );
    const report = { key, name: '报告.pdf', size: 3 };
    expect(shown({ type: 'file', content: report })).toBe(
      `<a href="https://chat.example/files/${key}/%E6%8A%A5%E5%91%8A.pdf" download="报告.pdf">报告.pdf</a>`,
    );
    const voice = { key, name: 'a.ogg', size: 3, durationMs: 900 };
    const sound = `https://chat.example/files/${key}/a.ogg`;
    expect(shown({ type: 'voice', content: voice })).toBe(
      `<audio controls src="${sound}"><a href="${sound}">[语音]</a></audio>`,
    );
    const card = { pid: '1', url: 'https://shop.example/1', image: '', title: 'Cup', info: 'blue', price: '9' };
    expect(shown({ type: 'card', content: card })).toBe(
      '<a href="https://shop.example/1" target="_blank" rel="noopener">Cup</a> 9 blue',
    );
  });

  it('in lists by a word', () => {
    const words = EVERY_KIND.slice(1).map(messageWords);
    expect(words).toEqual(['[图片]', '[文件]', '[语音]', '[商品]']);
  });
});
