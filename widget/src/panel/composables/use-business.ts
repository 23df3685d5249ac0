import { shallowRef, type ShallowRef } from 'vue';
import type { ApiConfig } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { ApiFailure } from '../api/http.ts';
import type { VisitorApi } from '../api/visitor-api.ts';
import { persist, type Pause } from '../pause.ts';

/** What a visitor may be asked before the chat. */
export type PreChatField = ApiConfig['business']['widget']['preChat']['fields'][number];

/** What a business says of itself to everybody, as far as it is known yet. */
export interface Business {
  id: string;
  name: ShallowRef<string>;
  avatar: ShallowRef<string>;
  /** `#rrggbb`; empty before it is known. */
  accent: ShallowRef<string>;
  /** Somebody could answer now; null before it is known. */
  online: ShallowRef<boolean | null>;
  tabs: ShallowRef<ApiConfig['business']['tabs']>;
  hasFaqs: ShallowRef<boolean>;
  features: ShallowRef<ApiConfig['business']['features']>;
  /** What a new visitor is asked before the chat; empty: nothing. */
  preChat: ShallowRef<PreChatField[]>;
  /** Resolves when the first answer is there, or will not come. */
  known: Promise<void>;
  /** Asks again, once. */
  refresh(): Promise<void>;
}

export function useBusiness(id: string, api: Pick<VisitorApi, 'config'>, pause: Pause): Business {
  const name = shallowRef('');
  const avatar = shallowRef('');
  const accent = shallowRef('');
  const online = shallowRef<boolean | null>(null);
  const tabs = shallowRef<ApiConfig['business']['tabs']>([]);
  const hasFaqs = shallowRef(false);
  const features = shallowRef({ audio: false, video: false, voice: false });
  const preChat = shallowRef<PreChatField[]>([]);

  function take(business: ApiConfig['business']): void {
    const { widget } = business;
    name.value = widget.title || business.name;
    avatar.value = widget.avatar;
    accent.value = widget.accent;
    online.value = business.online;
    tabs.value = business.tabs;
    hasFaqs.value = business.hasFaqs;
    features.value = business.features;
    preChat.value = widget.preChat.enabled ? widget.preChat.fields : [];
  }

  async function refresh(): Promise<void> {
    try {
      take((await api.config(id, true)).business);
    } catch (error) {
      // What was known holds; the next time tells.
      if (!(error instanceof ApiFailure)) throw error;
    }
  }

  async function first(): Promise<void> {
    try {
      const config = await persist(pause, () => api.config(id, false));
      if (config) take(config.business);
    } catch (error) {
      // The header does without a name; the session says what is wrong.
      if (!(error instanceof ApiFailure)) throw error;
    }
  }

  return { id, name, avatar, accent, online, tabs, hasFaqs, features, preChat, known: first(), refresh };
}
