import { onScopeDispose } from 'vue';
import type { Workspace } from './workspace.ts';

/** Less than this in the background, and nothing can have been missed. */
const AWAY_MS = 30_000;

/** Tells the workspace when the network goes and comes, and when the page wakes up after a while. */
export function useNetworkWatch(workspace: Pick<Workspace, 'setNetwork' | 'synchronise'>): void {
  let hiddenAt: number | null = null;
  const online = () => workspace.setNetwork(true);
  const offline = () => workspace.setNetwork(false);
  const visibility = () => {
    if (document.visibilityState === 'hidden') {
      hiddenAt = Date.now();
      return;
    }
    // A laptop that slept does not know it: timers and sockets stood still.
    if (hiddenAt !== null && Date.now() - hiddenAt > AWAY_MS) void workspace.synchronise();
    hiddenAt = null;
  };
  window.addEventListener('online', online);
  window.addEventListener('offline', offline);
  document.addEventListener('visibilitychange', visibility);
  onScopeDispose(() => {
    window.removeEventListener('online', online);
    window.removeEventListener('offline', offline);
    document.removeEventListener('visibilitychange', visibility);
  });
}
