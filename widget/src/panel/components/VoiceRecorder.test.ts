// @vitest-environment jsdom
import { flushPromises } from '@vue/test-utils';
import { expect, it, vi } from 'vitest';
import { mountInPanel } from './mount-in-panel.ts';
import VoiceRecorder from './VoiceRecorder.vue';

function microphone(answer: () => Promise<MediaStream>): void {
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia: answer } });
}

it.each([
  ['NotAllowedError', 'The microphone is not allowed'],
  ['NotFoundError', 'No microphone was found'],
  ['AbortError', 'The recording failed'],
])('says why there is no recording: %s', async (name, words) => {
  microphone(() => Promise.reject(new DOMException('', name)));
  const recorder = mountInPanel(VoiceRecorder, {});
  await flushPromises();
  expect(recorder.get('[role=alert]').text()).toContain(words);
});

it('lets the microphone go when it is closed before the permission came', async () => {
  const stop = vi.fn();
  let allow: (stream: MediaStream) => void = () => undefined;
  microphone(() => new Promise((resolve) => (allow = resolve)));
  const recorder = mountInPanel(VoiceRecorder, {});
  expect(recorder.get('[role=status]').text()).toContain('allow the microphone');
  recorder.unmount();
  allow({ getTracks: () => [{ stop }] } as unknown as MediaStream);
  await flushPromises();
  expect(stop).toHaveBeenCalledOnce();
});
