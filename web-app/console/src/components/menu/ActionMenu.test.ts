// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import ActionMenu from './ActionMenu.vue';

it('a menu is opened, walked through and left by keyboard, and tells what was chosen', async () => {
  const menu = mount(ActionMenu, {
    props: {
      label: 'More',
      items: [
        { key: 'rate', label: 'Rate', icon: 'star' },
        { key: 'save', label: 'Save', icon: 'download', download: '/transcript' },
        { key: 'block', label: 'Block', icon: 'block', danger: true },
      ],
    },
    attachTo: document.body,
  });
  const opener = menu.get('[data-testid=more-actions]');
  const focused = () => document.activeElement?.textContent;
  const press = (key: string) => menu.get('[role=menu]').trigger('keydown', { key });

  await opener.trigger('click');
  expect([opener.attributes('aria-expanded'), focused()]).toEqual(['true', 'Rate']);
  await press('ArrowUp');
  expect(focused()).toBe('Block');
  await press('ArrowDown');
  await press('ArrowDown');
  expect(document.activeElement?.getAttribute('href')).toBe('/transcript');
  await press('End');
  (document.activeElement as HTMLElement).click();
  await menu.vm.$nextTick();
  expect(menu.emitted('choose')).toEqual([['block']]);
  expect([menu.find('[role=menu]').exists(), document.activeElement]).toEqual([false, opener.element]);

  await opener.trigger('click');
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  await menu.vm.$nextTick();
  expect(menu.find('[role=menu]').exists()).toBe(false);
  menu.unmount();
});
