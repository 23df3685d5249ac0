// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { defineComponent, h, ref, shallowRef } from 'vue';
import { en } from '../i18n/en.ts';
import { provideWords } from '../i18n/use-words.ts';
import MessageComposer from './MessageComposer.vue';

function compose() {
  const sent: string[] = [];
  const text = ref('');
  const wrapper = mount(
    defineComponent({
      setup() {
        provideWords(ref('en'), shallowRef(en));
        return () =>
          h(MessageComposer, {
            modelValue: text.value,
            'onUpdate:modelValue': (value: string) => (text.value = value),
            onSend: (value: string) => sent.push(value),
          });
      },
    }),
  );
  const box = wrapper.get('[data-testid=composer]');
  return { sent, box, button: wrapper.get('[data-testid=send]'), wrapper };
}

describe('the composer', () => {
  it('sends at Enter, trimmed, and is empty then', async () => {
    const { box, sent } = compose();
    await box.setValue('  hello \n');
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent).toEqual(['hello']);
    expect((box.element as HTMLTextAreaElement).value).toBe('');
  });

  it.each([
    ['the Enter that chooses characters', { key: 'Enter', isComposing: true }],
    ["Safari's, after the composition has ended", { key: 'Enter', keyCode: 229 }],
    ['Shift and Enter', { key: 'Enter', shiftKey: true }],
    ['any other key', { key: 'a' }],
  ])('does not send at %s', async (_what, key) => {
    const { box, sent } = compose();
    await box.setValue('ni hao');
    await box.trigger('keydown', key);
    expect(sent).toEqual([]);
  });

  it.each(['', '   \n', 'x'.repeat(10_001)])('does not send %#', async (text) => {
    const { box, button, sent } = compose();
    await box.setValue(text);
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent).toEqual([]);
    expect(button.attributes('disabled')).toBeDefined();
  });

  it('counts characters as people do', async () => {
    const { box, button, wrapper } = compose();
    await box.setValue('😀'.repeat(10_000));
    expect(button.attributes('disabled')).toBeUndefined();
    await box.setValue('😀'.repeat(10_002));
    expect(wrapper.get('[role=alert]').text()).toContain('2 characters too long');
  });
});
