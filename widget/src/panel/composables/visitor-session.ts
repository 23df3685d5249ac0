import { shallowRef } from 'vue';
import type { ApiVisitorSession } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Init } from '../../bridge/messages.ts';
import { credentialLadder, proving, type Credentials, type KnownVisitor } from '../api/credentials.ts';
import { ApiFailure, isTransient } from '../api/http.ts';
import type { VisitorApi } from '../api/visitor-api.ts';
import { persist, type Pause } from '../pause.ts';
import { FIELD_LENGTHS, isFilled } from './contact-fields.ts';
import type { PreChatAnswers } from './pre-chat.ts';

export type SessionState =
  | { kind: 'starting' }
  /** A hidden frame that found nobody to be: it waits until the visitor opens the panel. */
  | { kind: 'dormant' }
  | { kind: 'ready'; answer: ApiVisitorSession }
  /** The server will not have us: `business_closed`, `not_found`, … */
  | { kind: 'refused'; code: string };

export interface SessionDeps {
  init: Init;
  known: KnownVisitor | null;
  api: VisitorApi;
  pause: Pause;
  locale: () => string;
  page: () => string;
  /** What the visitor wrote into the form before the chat; empty without. */
  answers: () => PreChatAnswers;
  /** Each answer; `active` when it was asked for an agent, not only looked. */
  answered: (answer: ApiVisitorSession, active: boolean) => void;
  /** To be kept for the next time. */
  keep: (visitor: KnownVisitor) => void;
}

/** The limits of the wire; a site's longer words are cut rather than refused. */
const MAX_NAME = 64;
const MAX_URL = 1024;
const MAX_PAGE = 2048;
const MAX_TEAM = 1_000_000;

/** Who we are at the server, and how things stand for us. */
export class VisitorSession {
  readonly state = shallowRef<SessionState>({ kind: 'starting' });
  readonly #deps: SessionDeps;
  #known: KnownVisitor | null;
  #beginning: Promise<void> | null = null;
  #wantsActive = false;
  #everActive = false;
  #refreshing: Promise<void> | null = null;
  #refreshAgain = false;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#known = deps.known;
  }

  get token(): string {
    return this.#known?.token ?? '';
  }

  get answer(): ApiVisitorSession | null {
    return this.state.value.kind === 'ready' ? this.state.value.answer : null;
  }

  /** Asks for a session, and for an agent when `active`; again and again until there is an answer. */
  async begin(active: boolean): Promise<void> {
    this.#wantsActive ||= active;
    this.#beginning ??= this.#begin().finally(() => (this.#beginning = null));
    await this.#beginning;
    if (this.#wantsActive && !this.#deps.pause.closed) await this.begin(true);
  }

  /** The server no longer knows our token: begin anew with what else we have, no more actively than before. */
  async renew(): Promise<void> {
    await this.begin(this.#everActive);
  }

  /** Looks again how things stand. Calls that come close together are one. */
  async refresh(): Promise<void> {
    this.#refreshAgain = true;
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = null));
    await this.#refreshing;
  }

  async #begin(): Promise<void> {
    const active = this.#wantsActive;
    this.#wantsActive = false;
    this.#everActive ||= active;
    const whole = credentialLadder(this.#deps.init.identity, this.#known);
    for (const credentials of active ? whole : proving(whole)) {
      try {
        const answer = await persist(this.#deps.pause, () => this.#ask(credentials, active));
        // Closed meanwhile: another tab's visitor is in our place, and this one is nobody's any more.
        if (answer === null || this.#deps.pause.closed || this.#accept(answer, credentials.token, active)) return;
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        if (![401, 422].includes(error.status) && !(error.status === 404 && !active)) {
          this.state.value = { kind: 'refused', code: error.code };
          return;
        }
      }
    }
    this.state.value = active ? { kind: 'refused', code: 'unauthorized' } : { kind: 'dormant' };
  }

  async #refresh(): Promise<void> {
    while (this.#refreshAgain && this.answer && !this.#deps.pause.closed) {
      this.#refreshAgain = false;
      try {
        const answer = await this.#ask({ token: this.token }, false);
        if (!this.#deps.pause.closed) this.#accept(answer, this.token, false);
      } catch (error) {
        if (error instanceof ApiFailure && error.status === 401) return void this.renew();
        if (!isTransient(error)) return;
        await this.#deps.pause.beforeRetry(2, error);
        this.#refreshAgain = true;
      }
    }
  }

  #ask(credentials: Credentials, active: boolean): Promise<ApiVisitorSession> {
    const { init, locale, page } = this.#deps;
    const answers = this.#deps.answers();
    const name = init.identity.name || answers.name;
    const { avatar } = init.identity;
    return this.#deps.api.session({
      ...credentials,
      businessId: init.business,
      ...(name ? { name: name.slice(0, MAX_NAME) } : {}),
      ...(avatar && avatar.length <= MAX_URL ? { avatar } : {}),
      ...fitting('email', init.identity.email || answers.email),
      ...fitting('phone', init.identity.phone || answers.phone),
      page: page().slice(0, MAX_PAGE),
      referrer: init.referrer.slice(0, MAX_PAGE),
      locale: locale(),
      team: Math.min(init.team, MAX_TEAM),
      passive: !active,
    });
  }

  /** @returns false for a session without a token, in which nothing could be said */
  #accept(answer: ApiVisitorSession, before: string | undefined, active: boolean): boolean {
    const token = answer.token ?? before;
    if (token === undefined) return false;
    const changed = this.#known?.token !== token || this.#known.visitorId !== answer.visitorId;
    this.#known = { visitorId: answer.visitorId, token };
    if (changed) this.#deps.keep(this.#known);
    this.state.value = { kind: 'ready', answer };
    this.#deps.answered(answer, active);
    return true;
  }
}

/** A site may hand over anything; what the server would refuse is left out rather than costing the visitor the chat. */
function fitting(field: 'email' | 'phone', given: string): Partial<Record<'email' | 'phone', string>> {
  return isFilled(field, given) && given.length <= FIELD_LENGTHS[field] ? { [field]: given } : {};
}
