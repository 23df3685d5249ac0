// @vitest-environment jsdom
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ApiFaq } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { ApiFailure } from '../api/http.ts';
import FaqView from './FaqView.vue';
import { mountInPanel } from './mount-in-panel.ts';

/** jsdom has no sizes to observe. */
class NoObserver {
  readonly observe = () => undefined;
  readonly disconnect = () => undefined;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('ResizeObserver', NoObserver);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const question = (id: number): ApiFaq => ({ id, question: `Question ${id}` });

it('searches when the visitor pauses, and shows what was asked for last', async () => {
  const answers: ((found: ApiFaq[]) => void)[] = [];
  const faqs = vi.fn((_search: string) => new Promise<ApiFaq[]>((resolve) => answers.push(resolve)));
  const view = mountInPanel(FaqView, { conversing: true }, { faqs });
  const search = view.get('[data-testid=faq-search]');
  for (const text of ['s', 'sh', 'ship']) await search.setValue(text);
  vi.advanceTimersByTime(250);
  expect(faqs.mock.calls).toEqual([[''], ['ship']]);
  answers[1]?.([question(2)]);
  answers[0]?.([question(1), question(2)]);
  await flushPromises();
  expect(view.findAll('[data-testid=faq]').map((row) => row.text())).toEqual(['Question 2']);
});

it('asks into the conversation once, and says when that fails', async () => {
  const askFaq = vi.fn(() => Promise.reject(new ApiFailure(429, 'rate_limited')));
  const view = mountInPanel(FaqView, { conversing: true }, { faqs: () => Promise.resolve([question(7)]), askFaq });
  await flushPromises();
  const row = view.get('[data-testid=faq]');
  await Promise.all([row.trigger('click'), row.trigger('click')]);
  await flushPromises();
  expect(askFaq.mock.calls).toEqual([[7]]);
  expect(view.get('[role=alert]').text()).toContain('Too many');
});

it('shows the answer itself where there is nobody to ask, in a frame without scripts', async () => {
  const answer = { ...question(7), answerHtml: '<p>Two days</p>' };
  const actions = { faqs: () => Promise.resolve([question(7)]), faq: () => Promise.resolve(answer) };
  const view = mountInPanel(FaqView, { conversing: false }, actions);
  await flushPromises();
  await view.get('[data-testid=faq]').trigger('click');
  await flushPromises();
  const frame = view.get('iframe');
  expect(frame.attributes('srcdoc')).toContain('<p>Two days</p>');
  expect(frame.attributes('sandbox')).not.toContain('allow-scripts');
  await view.get('[data-testid=faq]').trigger('click');
  expect(view.find('iframe').exists()).toBe(false);
});
