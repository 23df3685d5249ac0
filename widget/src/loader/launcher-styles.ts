/**
 * Rules inside the launcher's shadow root. Those on `:host` are weaker than the page's, so a WoLive site's own
 * `.kefu_box { … }` still moves and dresses its launcher.
 */
export function launcherStyles(image: string | null): string {
  return `
:host{position:fixed;z-index:2147483000;right:20px;cursor:pointer;font:14px/1.5 system-ui,sans-serif}
button{all:unset;position:relative;display:grid;place-items:center;width:100%;height:100%;border-radius:50%}
${
  image === null
    ? `:host{bottom:calc(20px + env(safe-area-inset-bottom));width:56px;height:56px}
button{background:#2f6bff;box-shadow:0 4px 16px rgb(16 24 40/.2)}
button:hover{background:#2257db}`
    : `:host{top:60%;right:5%;width:60px;height:60px;border-radius:50%;background:#2f6bff url("${image}") center/cover}
:host([data-phase=open]){visibility:hidden}`
}
button:focus-visible{outline:2px solid #2f6bff;outline-offset:3px;box-shadow:0 0 0 3px #fff}
svg{width:28px;fill:none;stroke:#fff;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
path+path,:host([data-phase=open]) path{opacity:0}
:host([data-phase=open]) path+path{opacity:1}
span{position:absolute;top:-4px;right:-4px;min-width:12px;padding:0 4px;border-radius:999px;background:#c8322b;color:#fff;font-size:12px;line-height:20px;text-align:center;box-shadow:0 0 0 2px #fff}
span:empty,a:empty{display:none}
a{position:absolute;right:0;bottom:68px;width:208px;padding:16px;border-radius:10px;background:#fff;color:#2257db;box-shadow:0 4px 16px rgb(16 24 40/.2)}
@media(prefers-reduced-motion:no-preference){[aria-busy=true] svg{animation:wait 1s infinite alternate}}
@keyframes wait{to{opacity:.35}}`;
}
