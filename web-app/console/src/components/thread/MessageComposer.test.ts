// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { i18n } from '../../i18n/i18n.ts';
import MessageComposer from './MessageComposer.vue';

function open(props: { enabled?: boolean; draft?: string } = {}) {
  const composer = mount(MessageComposer, {
    props: { enabled: true, draft: '', label: 'Reply', ...props },
    global: { plugins: [i18n] },
  });
  const field = composer.get<HTMLTextAreaElement>('[data-testid=composer]');
  return { composer, field, sent: () => composer.emitted('send') ?? [] };
}

describe('the composer', () => {
  it('sends on Enter, without the blanks around, and is empty then', async () => {
    const { field, sent } = open();
    await field.setValue('  你好\n再见 ');
    await field.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([['你好\n再见']]);
    expect(field.element.value).toBe('');
  });

  it('begins a new line on Shift+Enter', async () => {
    const { field, sent } = open();
    await field.setValue('one');
    await field.trigger('keydown', { key: 'Enter', shiftKey: true });
    expect(sent()).toEqual([]);
  });

  it('leaves Enter to the input method while a word is composed', async () => {
    const { field, sent } = open();
    await field.setValue('nihao');
    await field.trigger('keydown', { key: 'Enter', isComposing: true });
    await field.trigger('keydown', { key: 'Enter', keyCode: 229 });
    expect(sent()).toEqual([]);
    await field.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([['nihao']]);
  });

  it('sends nothing that is empty', async () => {
    const { composer, field, sent } = open();
    await field.setValue(' \n ');
    await field.trigger('keydown', { key: 'Enter' });
    await composer.get('form').trigger('submit');
    expect(sent()).toEqual([]);
    expect(composer.get('[data-testid=send]').attributes('disabled')).toBeDefined();
  });

  it('begins with the draft and tells of every change of it', async () => {
    const { composer, field } = open({ draft: 'begun' });
    expect(field.element.value).toBe('begun');
    await field.setValue('begun and');
    await field.trigger('keydown', { key: 'Enter' });
    expect(composer.emitted('draft')).toEqual([['begun and'], ['']]);
  });

  it('takes nothing where the agent may not write, and keeps what was begun', async () => {
    const { composer, field, sent } = open({ enabled: false, draft: 'begun' });
    expect(field.element.disabled).toBe(true);
    expect(field.element.value).toBe('begun');
    await composer.get('form').trigger('submit');
    expect(sent()).toEqual([]);
  });
});

describe('the composer and files', () => {
  const shoe = new File(['x'], 'shoe.png', { type: 'image/png' });
  const paste = (types: string[]) => ({ clipboardData: { files: [shoe], types } });

  it('takes what is chosen, and a picture from the clipboard', async () => {
    const { composer, field } = open();
    const input = composer.get<HTMLInputElement>('[data-testid=file-input]');
    Object.defineProperty(input.element, 'files', { value: [shoe] });
    await input.trigger('change');
    await field.trigger('paste', paste(['Files']));
    expect(composer.emitted('files')).toEqual([[[shoe]], [[shoe]]]);
  });

  it('takes what offices copy as words and picture both for words', async () => {
    const { composer, field } = open();
    await field.trigger('paste', paste(['text/plain', 'Files']));
    expect(composer.emitted('files')).toBeUndefined();
  });

  it('tells of typing, also while a word is composed, and of an emptied box', async () => {
    const { composer, field } = open();
    field.element.value = 'n';
    await field.trigger('input');
    field.element.value = ' ';
    await field.trigger('input');
    expect(composer.emitted('typed')).toEqual([[false], [true]]);
  });
});
