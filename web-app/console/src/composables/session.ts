import { shallowRef, type ShallowRef } from 'vue';
import type { ApiMe, SignInRequest } from '../../../src/front-doors/console-api/wire.ts';
import { isSignedOut } from '../api/api-error.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import { coalesce } from './coalesce.ts';

export type SessionState =
  /** Asking whether this browser is signed in; `waiting` when the server does not answer. */
  | { kind: 'restoring'; waiting: boolean }
  | { kind: 'signed-out'; because: 'new' | 'expired' | 'left' }
  | { kind: 'signed-in'; me: ApiMe };

export interface Session {
  readonly state: Readonly<ShallowRef<SessionState>>;
  /** Asks until the server answers. */
  restore(): Promise<void>;
  /** @throws ApiError: `unauthorized` for a wrong name or password, `rate_limited` after too many */
  signIn(request: SignInRequest): Promise<void>;
  /** @throws ApiError when the server could not be told: then the session lives on, and so does this one */
  signOut(): Promise<void>;
  /** A call was answered with 401. */
  expire(): void;
}

export function createSession(api: Pick<ConsoleApi, 'me' | 'signIn' | 'signOut'>): Session {
  const state = shallowRef<SessionState>({ kind: 'restoring', waiting: false });

  const restoring = coalesce(async () => void (state.value = { kind: 'signed-in', me: await api.me() }), {
    onFailure(error, final) {
      if (final) state.value = { kind: 'signed-out', because: isSignedOut(error) ? 'new' : 'expired' };
      else state.value = { kind: 'restoring', waiting: true };
    },
  });

  return {
    state,
    restore: () => restoring.request(),
    async signIn(request) {
      await api.signIn(request);
      state.value = { kind: 'signed-in', me: await api.me() };
    },
    async signOut() {
      await api.signOut();
      state.value = { kind: 'signed-out', because: 'left' };
    },
    expire() {
      if (state.value.kind === 'signed-in') state.value = { kind: 'signed-out', because: 'expired' };
    },
  };
}
