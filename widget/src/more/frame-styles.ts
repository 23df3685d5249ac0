import { phoneQuery } from '../loader/phone-query.ts';

/**
 * Rules of the panel's place. Without `data-open` it is not displayed at all, so nothing invisible lies over the
 * page. `--kefu-top` and `--kefu-height` follow the part of a phone's screen that its keyboard leaves.
 */
export function frameStyles(legacy: boolean): string {
  return `
:host{display:none!important}
:host([data-open]){display:block!important;position:fixed;z-index:2147483001;right:20px;bottom:${legacy ? 20 : 88}px;width:380px;height:min(640px,calc(100vh - ${legacy ? 40 : 108}px));border-radius:14px;overflow:hidden;box-shadow:0 0 0 1px rgb(128 128 128/.2),0 4px 16px rgb(16 24 40/.2);background:Canvas}
:host([data-side=left]){right:auto;left:20px}
iframe{width:100%;height:100%;border:0}
@keyframes rise{from{opacity:0;transform:translateY(12px)}}
@media ${phoneQuery}{:host([data-open]){inset:var(--kefu-top,0) 0 auto;width:auto;height:var(--kefu-height,100dvh);border-radius:0;box-sizing:border-box;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom)}}
@media(prefers-reduced-motion:no-preference){:host{animation:rise .16s}}`;
}
