import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sourceDigest } from './source-digest.mjs';

let root: string;
const digest = () => sourceDigest(root, ['src', 'package.json']);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'openkefu-digest-'));
  mkdirSync(join(root, 'src', 'deep'), { recursive: true });
  writeFileSync(join(root, 'src', 'deep', 'a.ts'), 'a');
});

afterEach(() => rmSync(root, { recursive: true }));

test('stays the same while nothing changes', () => {
  expect(digest()).toBe(digest());
});

test('changes with a new file, a new time, a new length, and with a named file that appears', () => {
  const seen = [digest()];
  writeFileSync(join(root, 'src', 'b.ts'), 'b');
  seen.push(digest());
  utimesSync(join(root, 'src', 'b.ts'), 1, 1);
  seen.push(digest());
  writeFileSync(join(root, 'src', 'b.ts'), 'bb');
  seen.push(digest());
  writeFileSync(join(root, 'package.json'), '{}');
  seen.push(digest());
  expect(new Set(seen).size).toBe(seen.length);
});

test('does not see tests, documents, outputs and packages', () => {
  const before = digest();
  for (const folder of ['dist', 'node_modules']) mkdirSync(join(root, 'src', folder));
  for (const name of ['a.test.ts', 'README.md', 'dist/a.js', 'node_modules/a.js']) {
    writeFileSync(join(root, 'src', name), 'x');
  }
  expect(digest()).toBe(before);
});
