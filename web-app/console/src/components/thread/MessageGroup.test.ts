// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../composables/outgoing-messages.ts';
import { message, minute, OWN_ID, ownMessage } from '../../composables/sample-data.ts';
import { buildTimeline, type TimelineGroup, type TimelineInput } from '../../composables/timeline.ts';
import { i18n } from '../../i18n/i18n.ts';
import MessageGroup from './MessageGroup.vue';

function show(input: Partial<TimelineInput>) {
  i18n.global.locale.value = 'en';
  const items = buildTimeline({
    messages: [],
    outgoing: [],
    customerReadSeq: 0,
    unreadAfterSeq: null,
    me: { id: OWN_ID, name: 'Alice', avatar: '' },
    ...input,
  });
  const group = items.find((item): item is TimelineGroup => item.kind === 'group');
  if (group === undefined) throw new Error('there is no group');
  return mount(MessageGroup, { props: { group, customerSeed: '' }, global: { plugins: [i18n] } });
}

const outgoing = (state: OutgoingMessage['state']): OutgoingMessage[] => [
  { clientId: 'c-9', conversationId: 1, text: 'on its way', createdAt: minute(9), state },
];

describe('a group of messages', () => {
  it('shows what a person wrote as text, whatever it looks like', () => {
    const text = '<b>bold</b> <script>alert(1)</script> https://shop.example/a';
    const group = show({ messages: [message(1, { body: { type: 'text', content: { text } } })] });
    expect(group.get('[data-testid=message-text]').text()).toBe(text);
    expect(group.find('b, script').exists()).toBe(false);
    const link = group.get('a').attributes();
    expect([link['href'], link['target']]).toEqual(['https://shop.example/a', '_blank']);
    expect(link['rel']).toContain('noopener');
  });

  it('says of each message which way it went, how far it came and which it is', () => {
    const own = show({ messages: [ownMessage(1), ownMessage(2)], customerReadSeq: 1 });
    const told = own.findAll('[data-testid=message]').map(({ element }) => ({ ...(element as HTMLElement).dataset }));
    expect(told).toMatchObject([
      { direction: 'out', state: 'read', seq: '1' },
      { direction: 'out', state: 'sent', seq: '2' },
    ]);
    expect(
      show({ messages: [message(1)] })
        .get('[data-testid=message]')
        .attributes('data-direction'),
    ).toBe('in');
  });

  it('offers to send a stuck message again, and to delete only a refused one', async () => {
    const stuck = show({ outgoing: outgoing({ kind: 'stuck' }) });
    expect(stuck.get('[data-testid=message]').attributes('data-state')).toBe('failed');
    expect(stuck.findAll('button').map((button) => button.text())).toEqual(['Send again']);
    await stuck.get('[data-testid=retry]').trigger('click');
    expect(stuck.emitted('retry')).toEqual([['c-9']]);

    const refused = show({ outgoing: outgoing({ kind: 'refused', code: 'too_long' }) });
    expect(refused.text()).toContain('Not sent: the message is too long');
    expect(refused.findAll('button').map((button) => button.text())).toEqual(['Send again', 'Delete']);
  });

  it('waits with a clock and no number until the server has it', () => {
    const waiting = show({ outgoing: outgoing({ kind: 'sending' }) });
    const { state, seq } = (waiting.get('[data-testid=message]').element as HTMLElement).dataset;
    expect([state, seq]).toEqual(['pending', undefined]);
  });
});
