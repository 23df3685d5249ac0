import { findAnchor, readAnchor } from '../legacy/anchor.ts';
import { originOf, readScript } from './boot-options.ts';
import { createCommands, type OpenKefu } from './commands.ts';
import { whenParsed } from './page-moments.ts';

declare global {
  interface Window {
    OpenKefu?: OpenKefu;
  }
}

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
const scriptHost = originOf(script?.src ?? '');
const before = window.OpenKefu;
// A page transition may run this script again: the first one goes on.
const openKefu = before?.start
  ? before
  : createCommands({ host: scriptHost, nonce: script?.nonce ?? '', consent: script?.dataset['consent'] ?? '' });

if (openKefu !== before) {
  window.OpenKefu = openKefu;
  for (const call of before?.q ?? []) openKefu(...(Array.from(call) as [string]));
}

const byScript = script && readScript(script, scriptHost);
if (byScript) openKefu.start?.(byScript);
else whenParsed(bootByAnchor);

function bootByAnchor(): void {
  const anchor = findAnchor();
  if (!anchor) return;
  openKefu.start?.(readAnchor(anchor, scriptHost));
  anchor.onclick = () => {
    openKefu('open');
    return false;
  };
}
