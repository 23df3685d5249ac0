import { mount, type VueWrapper } from '@vue/test-utils';
import { defineComponent, h, ref, shallowRef, type Component } from 'vue';
import type { ChatActions } from '../composables/chat-actions.ts';
import { provideChat, type Chat } from '../composables/chat.ts';
import { en } from '../i18n/en.ts';
import { provideWords } from '../i18n/use-words.ts';

/** For tests: a component as the panel shows it, in English, with a chat that does only what `actions` do. */
export function mountInPanel(component: Component, props: object, actions: Partial<ChatActions> = {}): VueWrapper {
  return mount(
    defineComponent({
      setup() {
        provideWords(ref('en'), shallowRef(en));
        provideChat({ actions } as Chat);
        return () => h(component, props);
      },
    }),
    { attachTo: document.body },
  );
}
