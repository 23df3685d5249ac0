import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('refuses what it does not know, in one line, and sets nothing up', async () => {
  const printed = await new Promise<string>((resolve) => {
    const program = join(import.meta.dirname, 'setup.mjs');
    execFile(process.execPath, [program, '--for-tests', '--fast'], (error, stdout, stderr) => {
      resolve(`${String(error?.code)}|${stdout}|${stderr}`);
    });
  });
  expect(printed).toBe('1||Unknown argument: --fast (there is only --for-tests)\n');
});
