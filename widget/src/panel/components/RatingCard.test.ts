// @vitest-environment jsdom
import { flushPromises } from '@vue/test-utils';
import { expect, it, vi } from 'vitest';
import { ApiFailure } from '../api/http.ts';
import { mountInPanel } from './mount-in-panel.ts';
import RatingCard from './RatingCard.vue';

it('gives the chosen score with what was added, once however often it is sent, and thanks', async () => {
  const rate = vi.fn(() => Promise.resolve());
  const card = mountInPanel(RatingCard, { score: 0 }, { rate });
  expect(card.find('[data-testid=rating-send]').exists()).toBe(false);
  await card.get('[data-testid=rate-2]').setValue(true);
  expect(card.findAll('label.on')).toHaveLength(2);
  await card.get('[data-testid=rating-comment]').setValue('  slow  ');
  await Promise.all([card.get('form').trigger('submit'), card.get('form').trigger('submit')]);
  await flushPromises();
  expect(rate.mock.calls).toEqual([[2, 'slow']]);
  expect(card.get('[role=status]').text()).toContain('Thank you');
});

it('says when the rating was not taken, and keeps it', async () => {
  const rate = () => Promise.reject(new ApiFailure(0, 'unreachable'));
  const card = mountInPanel(RatingCard, { score: 4 }, { rate });
  await card.get('form').trigger('submit');
  await flushPromises();
  expect(card.get('[role=alert]').text()).toContain('No connection');
  expect((card.get('[data-testid=rate-4]').element as HTMLInputElement).checked).toBe(true);
});
