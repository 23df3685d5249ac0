/**
 * Rules inside the launcher's shadow root. Those on `:host` are weaker than the page's, so a WoLive site's own
 * `.kefu_box { … }` still moves and dresses its launcher.
 * @param image the picture of WoLive's launcher; null for our own look
 */
export function launcherStyles(image: string | null): string {
  return `
:host{position:fixed;z-index:2147483000;right:20px;cursor:pointer;font:500 15px/1.4 system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
:host([data-side=left]){right:auto;left:20px}
:host([hidden]){display:none!important}
button{all:unset;box-sizing:border-box;position:relative;display:flex;align-items:center;justify-content:center;gap:8px;width:100%;height:100%;border-radius:28px;color:var(--kefu-on-accent,#fff)}
${
  image === null
    ? `:host{bottom:calc(20px + env(safe-area-inset-bottom));min-width:56px;max-width:calc(100vw - 40px);height:56px}
button{background:var(--kefu-accent,#2f6bff);box-shadow:0 1px 2px rgb(16 24 40/.16),0 4px 16px rgb(16 24 40/.2)}
button:hover{box-shadow:0 2px 4px rgb(16 24 40/.2),0 8px 24px rgb(16 24 40/.3)}`
    : `:host{top:60%;right:5%;width:60px;height:60px;border-radius:50%;background:#2f6bff url("${image}") center/cover}
:host([data-phase=open]){visibility:hidden}`
}
button:focus-visible{outline:2px solid #101828;outline-offset:3px;box-shadow:0 0 0 3px #fff}
svg{flex:none;width:28px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
img{flex:none;width:40px;height:40px;border-radius:50%;object-fit:cover}
b{font-weight:inherit;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
[data-text]{padding:0 20px 0 14px}
:host([data-phase=open]) img,img~svg,path+path,:host([data-phase=open]) path{display:none}
:host([data-phase=open]) img~svg{margin:0 6px}
:host([data-phase=open]) svg,:host([data-phase=open]) path+path{display:inline}
span{position:absolute;top:-4px;right:-4px;min-width:12px;padding:0 4px;border-radius:999px;background:#c8322b;color:#fff;font-size:12px;font-weight:600;line-height:20px;text-align:center;box-shadow:0 0 0 2px #fff}
span:empty,b:empty,a:empty{display:none}
a{position:absolute;right:0;bottom:calc(100% + 12px);width:208px;padding:16px;border-radius:10px;background:Canvas;color:CanvasText;font-weight:400;box-shadow:0 0 0 1px rgb(128 128 128/.2),0 4px 16px rgb(16 24 40/.2)}
:host([data-side=left]) a{right:auto;left:0}
@media(prefers-reduced-motion:no-preference){[aria-busy=true] svg,[aria-busy=true] img{animation:wait 1s infinite alternate}}
@keyframes wait{to{opacity:.35}}`;
}
