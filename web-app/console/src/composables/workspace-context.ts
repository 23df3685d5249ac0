import { inject, provide, type InjectionKey } from 'vue';
import type { Workspace } from './workspace.ts';

const KEY: InjectionKey<Workspace> = Symbol('workspace');

/** Gives the signed-in agent's workspace to everything below the calling component. */
export function provideWorkspace(workspace: Workspace): void {
  provide(KEY, workspace);
}

/** @throws Error outside of the signed-in part of the page */
export function useWorkspace(): Workspace {
  const workspace = inject(KEY);
  if (workspace === undefined) throw new Error('There is no workspace here: nobody is signed in');
  return workspace;
}
