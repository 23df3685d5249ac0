// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { ApiConversation } from '../../../../src/front-doors/console-api/wire.ts';
import { conversation, message, OWN_ID, ownMessage } from '../../composables/sample-data.ts';
import { i18n } from '../../i18n/i18n.ts';
import ConversationList from './ConversationList.vue';

function show(rows: ApiConversation[], special: { claimable?: boolean; selectedId?: number | null } = {}) {
  i18n.global.locale.value = 'en';
  return mount(ConversationList, {
    props: {
      rows,
      selectedId: null,
      ownId: OWN_ID,
      label: 'Conversations',
      claimable: false,
      claimingId: null,
      ...special,
    },
    attachTo: document.body,
    global: { plugins: [i18n] },
  });
}
type List = ReturnType<typeof show>;

const row = (list: List, id: number) => list.get<HTMLElement>(`[data-conversation-id="${id}"]`);
const waiting = (id: number) =>
  conversation(id, { state: 'waiting', agent: null, waitingSince: new Date().toISOString() });

describe('the list of conversations', () => {
  it('is one stop of the Tab key, in which arrows move and Enter opens', async () => {
    const list = show([conversation(1), conversation(2), conversation(3)], { selectedId: 2 });
    const stops = () => list.findAll('[tabindex="0"]').map((each) => each.attributes('data-conversation-id'));
    expect(stops()).toEqual(['2']);
    await row(list, 2).trigger('keydown', { key: 'ArrowDown' });
    expect(document.activeElement).toBe(row(list, 3).element);
    expect(stops()).toEqual(['3']);
    await row(list, 3).trigger('keydown', { key: 'Enter' });
    expect(list.emitted('open')).toEqual([[3]]);
    list.unmount();
  });

  it('says what was said last and by whom', () => {
    const list = show([
      conversation(1, { lastMessage: message(1), lastSeq: 1, unread: 1 }),
      conversation(2, { lastMessage: ownMessage(2), lastSeq: 2 }),
      conversation(3, { lastMessage: ownMessage(2, { senderId: 8, senderName: 'Bob' }), lastSeq: 2 }),
      conversation(4),
    ]);
    expect(row(list, 1).text()).toContain('message 1');
    expect(row(list, 1).get('[data-testid=unread]').text()).toContain('1');
    expect(row(list, 2).text()).toContain('You: message 2');
    expect(row(list, 3).text()).toContain('Bob: message 2');
    expect(row(list, 4).text()).toContain('No messages yet');
    list.unmount();
  });

  it('shows names as text', () => {
    const evil = conversation(1, { customer: { ...conversation(1).customer, name: '<img src=x onerror=alert(1)>' } });
    const list = show([evil]);
    expect(row(list, 1).find('img').exists()).toBe(false);
    expect(row(list, 1).text()).toContain('<img src=x');
    list.unmount();
  });

  it('is a listbox of options, or a grid of rows where a row has a button', async () => {
    const options = show([conversation(1)]);
    expect([options.attributes('role'), row(options, 1).attributes('role')]).toEqual(['listbox', 'option']);
    expect(options.find('[data-testid=claim]').exists()).toBe(false);
    options.unmount();

    const grid = show([waiting(1), waiting(2)], { claimable: true, selectedId: 2 });
    expect([grid.attributes('role'), row(grid, 1).attributes('role')]).toEqual(['grid', 'row']);
    await row(grid, 1).get('[data-testid=claim]').trigger('click');
    expect(grid.emitted('claim')).toEqual([[1]]);
    expect(grid.emitted('open')).toBeUndefined();
    // The open one is claimed where it is read.
    expect(row(grid, 2).find('[data-testid=claim]').exists()).toBe(false);
    grid.unmount();
  });
});
