import { onScopeDispose, watch, type Ref } from 'vue';
import type { SessionState } from './visitor-session.ts';

export interface StandingDeps {
  session: Ref<SessionState>;
  visible: Ref<boolean>;
  /** Whether somebody could answer now. */
  somebodyThere: () => Promise<boolean>;
  /** Look again how things stand. */
  refresh: () => Promise<void>;
  /** Ask for an agent. */
  ask: () => Promise<void>;
}

const LOOK_EVERY_MS = 20_000;

/**
 * Nobody tells a visitor without an agent that the first one came, or the last one left: whoever looks at the panel
 * meanwhile asks.
 */
export function watchStanding({ session, visible, somebodyThere, refresh, ask }: StandingDeps): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const standing = () => (session.value.kind === 'ready' && visible.value ? session.value.answer.state : null);

  async function look(): Promise<void> {
    if (standing() === 'waiting') return refresh();
    if (standing() === 'offline' && (await somebodyThere())) return ask();
  }

  watch(
    () => standing() === 'offline' || standing() === 'waiting',
    (without) => {
      clearInterval(timer);
      if (without) timer = setInterval(() => void look(), LOOK_EVERY_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearInterval(timer));
}
