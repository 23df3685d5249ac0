import { shallowRef } from 'vue';
import type { ApiMessage } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { MAX_PAGE, type VisitorApi } from '../api/visitor-api.ts';
import { persist, type Pause } from '../pause.ts';
import { completeUntil, newestSeq, oldestSeq, withMessages, type Timeline } from '../timeline/timeline.ts';

/** Messages of a first look, and of each look further back. */
const PAGE = 30;

export interface MessageListDeps {
  api: VisitorApi;
  pause: Pause;
  /** A call was refused for good: by an unknown token, mostly. */
  refused: (failure: unknown) => void;
}

/** The conversation as far as it is loaded: the newest page first, older ones on demand, new ones as they come. */
export class MessageList {
  readonly timeline = shallowRef<Timeline>([]);
  readonly loaded = shallowRef(false);
  readonly loadingOlder = shallowRef(false);
  readonly #deps: MessageListDeps;
  #conversation: number | null = null;
  #catchingUp: Promise<void> | null = null;
  #again = false;

  constructor(deps: MessageListDeps) {
    this.#deps = deps;
  }

  /** Shows this conversation. @param lastSeq 0 when nothing was said in it yet, which saves asking */
  open(conversation: number | null, lastSeq: number): void {
    if (conversation !== this.#conversation) {
      this.#conversation = conversation;
      this.timeline.value = [];
      this.loaded.value = conversation === null || lastSeq === 0;
    }
    if (lastSeq > newestSeq(this.timeline.value)) void this.catchUp();
  }

  /** Takes messages from wherever they come; a gap before them is filled from the store. */
  take(messages: readonly ApiMessage[]): void {
    const ours = messages.filter(({ conversationId }) => conversationId === this.#conversation);
    this.timeline.value = withMessages(this.timeline.value, ours);
    const { value } = this.timeline;
    const early = !this.loaded.value && newestSeq(value) > 0;
    if (early || completeUntil(value) < newestSeq(value)) void this.catchUp();
  }

  /** Fetches what was said since, and what is missing in between. Calls that come close together are one. */
  async catchUp(): Promise<void> {
    this.#again = true;
    this.#catchingUp ??= this.#catchUp().finally(() => (this.#catchingUp = null));
    await this.#catchingUp;
  }

  get complete(): boolean {
    return this.loaded.value && oldestSeq(this.timeline.value) <= 1;
  }

  async loadOlder(): Promise<void> {
    const conversation = this.#conversation;
    if (conversation === null || !this.loaded.value || this.complete || this.loadingOlder.value) return;
    this.loadingOlder.value = true;
    try {
      const before = oldestSeq(this.timeline.value);
      await this.#fetch(conversation, { before_seq: before, limit: PAGE });
    } finally {
      this.loadingOlder.value = false;
    }
  }

  async #catchUp(): Promise<void> {
    while (this.#again && this.#conversation !== null) {
      this.#again = false;
      const conversation = this.#conversation;
      const known = this.loaded.value ? completeUntil(this.timeline.value) : 0;
      const query = known > 0 || this.loaded.value ? { after_seq: known, limit: MAX_PAGE } : { limit: PAGE };
      const fetched = await this.#fetch(conversation, query);
      if (fetched === null || conversation !== this.#conversation) continue;
      this.loaded.value = true;
      // A gap may be longer than a page, or there are several.
      const { value } = this.timeline;
      const more = fetched.length === MAX_PAGE || completeUntil(value) < newestSeq(value);
      if (more && completeUntil(value) > known) this.#again = true;
    }
  }

  /** @returns null when it was refused or we were closed */
  async #fetch(
    conversation: number,
    query: { after_seq?: number; before_seq?: number; limit: number },
  ): Promise<ApiMessage[] | null> {
    try {
      const messages = await persist(this.#deps.pause, () => this.#deps.api.messages(conversation, query));
      if (messages === null || conversation !== this.#conversation) return null;
      this.timeline.value = withMessages(this.timeline.value, messages);
      return messages;
    } catch (error) {
      this.#deps.refused(error);
      return null;
    }
  }
}
