/** Rules of the card beside the launcher. `--x` and `--y` are its distances from the launcher's corner of the window. */
export const cardStyles = `
:host{display:none!important}
:host([data-shown]){display:block!important;position:fixed;z-index:2147483000;right:var(--x);bottom:var(--y);box-sizing:border-box;width:max-content;max-width:min(320px,calc(100vw - 40px));padding:16px;border-radius:14px;background:Canvas;color:CanvasText;font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;text-align:start;box-shadow:0 0 0 1px rgb(128 128 128/.2),0 4px 16px rgb(16 24 40/.2)}
:host([data-side=left]){right:auto;left:var(--x)}
:host([data-below]){bottom:auto;top:var(--y)}
p{margin:0;overflow-wrap:anywhere;white-space:pre-line}
div{display:flex;flex-wrap:wrap;gap:8px;margin-top:12px}
button{all:unset;box-sizing:border-box;min-height:36px;padding:6px 14px;border-radius:6px;font-weight:500;text-align:center;cursor:pointer;box-shadow:inset 0 0 0 1px rgb(128 128 128/.5)}
button:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.main{background:var(--kefu-accent,#2f6bff);color:var(--kefu-on-accent,#fff);box-shadow:none}
.main:hover{box-shadow:0 0 0 2px rgb(128 128 128/.5)}
.main:focus-visible{outline-color:CanvasText}
.said{display:block;min-height:0;margin:-16px;padding:16px 48px 16px 16px;border-radius:14px;box-shadow:none;font-weight:400;text-align:start;overflow-wrap:anywhere;white-space:pre-line}
.said:focus-visible{outline-offset:-2px}
.away{position:absolute;top:6px;right:6px;width:36px;min-height:36px;padding:6px;box-shadow:none;opacity:.75}
.away:hover{opacity:1}
svg{display:block;width:24px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round}
@media(pointer:coarse){button{min-height:44px;padding-block:10px}.said{padding-right:56px}.away{top:4px;right:4px;width:44px;padding:10px}}
@media(prefers-reduced-motion:no-preference){:host{animation:rise .16s}}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}`;
