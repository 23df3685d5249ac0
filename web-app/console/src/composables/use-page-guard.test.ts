// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { usePageGuard } from './use-page-guard.ts';

let scope: EffectScope;
let uploading: boolean;

beforeEach(() => {
  uploading = false;
  scope = effectScope();
  scope.run(() => usePageGuard(() => uploading));
});
afterEach(() => scope.stop());

/** Whether the page took an event for itself. */
function isTaken(name: string, types: string[] = []): boolean {
  const event = Object.assign(new Event(name, { cancelable: true }), { dataTransfer: { types, dropEffect: 'copy' } });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}

it('a file dropped beside the thread does not replace the page, and words go where they are dropped', () => {
  expect([isTaken('dragover', ['Files']), isTaken('drop', ['Files'])]).toEqual([true, true]);
  expect(isTaken('drop', ['text/plain'])).toBe(false);
});

it('the browser asks before it leaves while a file is on its way, and no longer once nobody is signed in', () => {
  expect(isTaken('beforeunload')).toBe(false);
  uploading = true;
  expect(isTaken('beforeunload')).toBe(true);
  scope.stop();
  expect([isTaken('beforeunload'), isTaken('drop', ['Files'])]).toEqual([false, false]);
});
