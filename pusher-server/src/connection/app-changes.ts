import type { App } from '../apps/app.ts';
import { CLOSE, type Refusal } from '../protocol/errors.ts';
import { errorFrame } from '../protocol/frames.ts';
import type { ConnectionRegistry } from './connection-registry.ts';

/** Gives an app's connections its new settings, or ends them when it has been switched off. SPEC.md A3. */
export function applyAppChange(registry: ConnectionRegistry, app: App): void {
  if (!app.settings.enabled) {
    endAll(registry, app.id, { code: CLOSE.appDisabled, message: 'The app is disabled' });
    return;
  }
  for (const { state } of registry.of(app.id)) {
    if (state.kind === 'established') state.app = app;
  }
}

/** Ends the connections of an app that does not exist any more. SPEC.md A3. */
export function endRemovedApp(registry: ConnectionRegistry, appId: string): void {
  endAll(registry, appId, { code: CLOSE.unknownApp, message: 'The app was removed' });
}

function endAll(registry: ConnectionRegistry, appId: string, refusal: Refusal): void {
  for (const connection of [...registry.of(appId)]) {
    if (connection.state.kind !== 'established') continue;
    connection.socket.send(errorFrame(refusal));
    connection.end(refusal.code, refusal.message);
  }
}
