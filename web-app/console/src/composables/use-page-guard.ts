import { onScopeDispose } from 'vue';

/**
 * Keeps the page from going by mistake: a file dropped beside the thread would be shown in its place, and what is being
 * uploaded would be lost with it, so the browser asks before it leaves.
 */
export function usePageGuard(isUploading: () => boolean): void {
  function refuseFiles(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files') !== true || event.defaultPrevented) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  }
  function askBeforeLeaving(event: BeforeUnloadEvent): void {
    if (isUploading()) event.preventDefault();
  }
  window.addEventListener('dragover', refuseFiles);
  window.addEventListener('drop', refuseFiles);
  window.addEventListener('beforeunload', askBeforeLeaving);
  onScopeDispose(() => {
    window.removeEventListener('dragover', refuseFiles);
    window.removeEventListener('drop', refuseFiles);
    window.removeEventListener('beforeunload', askBeforeLeaving);
  });
}
