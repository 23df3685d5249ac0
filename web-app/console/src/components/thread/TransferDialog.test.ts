// @vitest-environment jsdom
import { flushPromises, mount } from '@vue/test-utils';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiColleague } from '../../../../src/front-doors/console-api/wire.ts';
import { ApiError } from '../../api/api-error.ts';
import { i18n } from '../../i18n/i18n.ts';
import TransferDialog from './TransferDialog.vue';

beforeAll(() => {
  // jsdom has no modal dialogs and no layout.
  HTMLElement.prototype.scrollIntoView = () => {};
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});

const colleague = (id: number, name: string, special: Partial<ApiColleague> = {}): ApiColleague => ({
  id,
  name,
  avatar: '',
  online: true,
  level: 'service',
  status: 'online',
  load: id,
  maxConversations: 8,
  ...special,
});
const all = [
  colleague(1, 'Alice'),
  colleague(2, 'Bob'),
  colleague(3, 'Cora'),
  colleague(4, 'Dan', { load: 8 }),
  colleague(5, 'Eve', { online: false }),
];

async function open(transfer: (to: ApiColleague) => Promise<void> = () => Promise.resolve()) {
  i18n.global.locale.value = 'en';
  const given: string[] = [];
  const dialog = mount(TransferDialog, {
    props: {
      name: 'Lin',
      holderId: 1,
      read: () => Promise.resolve(all),
      transfer(to: ApiColleague) {
        given.push(to.name);
        return transfer(to);
      },
    },
    global: { plugins: [i18n] },
  });
  await flushPromises();
  const search = dialog.get('[data-testid=transfer-search]');
  const press = (key: string) => search.trigger('keydown', { key });
  const chosen = () => dialog.get('[aria-selected=true]').text();
  return { dialog, search, press, chosen, given };
}

describe('the transfer dialog', () => {
  it('gives the conversation away by keyboard alone, to who can take it', async () => {
    const { dialog, search, press, chosen, given } = await open();
    expect(dialog.findAll('[data-testid=colleague]').map((row) => row.attributes('data-taking'))).toEqual([
      'free',
      'free',
      'full',
      'away',
    ]);
    expect(chosen()).toContain('Bob');
    await press('ArrowDown');
    expect(chosen()).toContain('Cora');
    await press('ArrowDown');
    expect(chosen()).toContain('Cora');
    expect(search.attributes('aria-activedescendant')).toBe(dialog.get('[aria-selected=true]').attributes('id'));
    await press('Enter');
    await flushPromises();
    expect(given).toEqual(['Cora']);
    expect(dialog.emitted('close')).toHaveLength(1);
  });

  it('looks for names, and says when there is none', async () => {
    const { dialog, search, press, chosen, given } = await open();
    await search.setValue('bo');
    expect(chosen()).toContain('Bob');
    await search.setValue('zoe');
    expect(dialog.text()).toContain('No colleague of that name.');
    await press('Enter');
    expect(given).toEqual([]);
  });

  it('does nothing for who cannot take it, and says who turned out not to be there', async () => {
    const { dialog, given } = await open(() => Promise.reject(new ApiError(409, 'conflict', 'away')));
    const [bob, , , eve] = dialog.findAll('[data-testid=colleague]');
    await eve?.trigger('click');
    expect(given).toEqual([]);
    await bob?.trigger('click');
    await flushPromises();
    expect(dialog.get('[role=alert]').text()).toBe('Bob is not there.');
    expect(dialog.emitted('close')).toBeUndefined();
  });
});
