// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { ApiMessageBody } from '../../../../src/front-doors/console-api/wire.ts';
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
    customerDeliveredSeq: 0,
    unreadAfterSeq: null,
    me: { id: OWN_ID, name: 'Alice', avatar: '' },
    previewOf: () => null,
    ...input,
  });
  const group = items.find((item): item is TimelineGroup => item.kind === 'group');
  if (group === undefined) throw new Error('there is no group');
  return mount(MessageGroup, { props: { group, customerSeed: '' }, global: { plugins: [i18n] } });
}

const outgoing = (state: OutgoingMessage['state']): OutgoingMessage[] => [
  {
    clientId: 'c-9',
    conversationId: 1,
    body: { type: 'text', content: { text: 'on its way' } },
    file: null,
    createdAt: minute(9),
    state,
  },
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
    // A second try would end as the first did.
    expect(refused.findAll('button').map((button) => button.text())).toEqual(['Delete']);
    const lost = show({ outgoing: outgoing({ kind: 'refused', code: 'not_your_conversation' }) });
    expect(lost.findAll('button').map((button) => button.text())).toEqual(['Send again', 'Delete']);
  });

  it('shows how far a file has gone out, and lets it be given up', async () => {
    const group = show({ outgoing: outgoing({ kind: 'uploading', share: 0.42 }) });
    expect(group.get('[role=progressbar]').attributes('aria-valuenow')).toBe('42');
    await group.get('[data-testid=cancel-upload]').trigger('click');
    expect(group.emitted('discard')).toEqual([['c-9']]);
  });

  const file = { key: 'k', url: '/files/k/x', name: 'a very long name of a file.pdf', size: 1_500_000 };
  const card = { pid: '1', url: 'javascript:alert(1)', image: 'data:x', title: '<b>Shoe</b>', info: '', price: '¥9' };
  const of = (body: ApiMessageBody) => show({ messages: [message(1, { body })] });

  it('shows what is no text by its kind', () => {
    const image = of({ type: 'image', content: { ...file, width: 640, height: 320 } }).get(
      '[data-testid=message-image]',
    );
    expect(image.get('img').attributes()).toMatchObject({ src: file.url, width: '320', height: '160' });
    const link = of({ type: 'file', content: file }).get('[data-testid=message-file]');
    expect([link.attributes('href'), link.attributes('download')]).toEqual([file.url, file.name]);
    expect(link.text()).toBe('a very long name of a file.pdf1.4 MB');
    const voice = of({ type: 'voice', content: { ...file, durationMs: 7_400 } });
    expect(voice.get('audio').attributes('preload')).toBe('none');
    expect(voice.get('[data-testid=message-voice]').text()).toBe('0:07');
    const call = of({ type: 'call', content: { kind: 'video', outcome: 'ended', durationS: 65 } });
    expect(call.get('[data-testid=message-call]').text()).toBe('Video call 1:05');
  });

  it('follows no address of a card but those of the web, and shows its words as text', () => {
    const shown = of({ type: 'card', content: card }).get('[data-testid=message-card]');
    expect([shown.element.tagName, shown.find('img').exists(), shown.find('b').exists()]).toEqual([
      'DIV',
      false,
      false,
    ]);
    expect(shown.text()).toBe('<b>Shoe</b>¥9');
    const web = { ...card, url: 'https://shop.example/1', image: 'https://shop.example/1.png' };
    const good = of({ type: 'card', content: web }).get('[data-testid=message-card]');
    expect(good.attributes()).toMatchObject({ href: web.url, target: '_blank' });
    expect(good.get('img').attributes('src')).toBe(web.image);
  });

  it('tells whose fault a missed call was', () => {
    const missed = { type: 'call', content: { kind: 'audio', outcome: 'missed', durationS: 0 } } as const;
    expect(of(missed).text()).toContain('Voice call: missed');
    expect(show({ messages: [ownMessage(1, { body: missed })] }).text()).toContain('Voice call: no answer');
  });

  it('waits with a clock and no number until the server has it', () => {
    const waiting = show({ outgoing: outgoing({ kind: 'sending' }) });
    const { state, seq } = (waiting.get('[data-testid=message]').element as HTMLElement).dataset;
    expect([state, seq]).toEqual(['pending', undefined]);
  });
});
