/** The demo shop's own look: warm paper by day, dark clay by night. One column on a phone. */
export const demoStyles = `
:root {
  color-scheme: light dark;
  --paper: #faf7f2; --card: #ffffff; --ink: #23282b; --soft: #5c6468; --line: #e6dfd4;
  --glaze: #2f6f73; --glaze-ink: #ffffff; --tint: #e3eeec; --clay: #b98a5e; --hint: #fff4d9; --hint-ink: #5b4300;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181a; --card: #1d2326; --ink: #e9ecea; --soft: #a5b0b2; --line: #313a3e;
    --glaze: #7fc4c4; --glaze-ink: #0e2526; --tint: #20363a; --clay: #cfa37a; --hint: #352c14; --hint-ink: #f3dfae;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0; background: var(--paper); color: var(--ink); line-height: 1.6; font-size: 16px;
  font-family: system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif;
}
a { color: inherit; }
:focus-visible { outline: 2px solid var(--glaze); outline-offset: 3px; border-radius: 4px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 12px; background: var(--card); padding: 8px 12px; z-index: 2; }
.wide { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
.hint { background: var(--hint); color: var(--hint-ink); font-size: 14px; }
.hint .wide { padding-block: 10px; display: flex; gap: 4px 16px; flex-wrap: wrap; align-items: center; justify-content: center; }
.hint a { font-weight: 600; white-space: nowrap; }
header .wide { display: flex; align-items: center; gap: 24px; padding-block: 20px; }
.brand { display: flex; align-items: center; gap: 12px; margin-right: auto; text-decoration: none; }
.brand svg { width: 36px; height: 36px; flex: none; }
.brand b { display: block; font-size: 18px; line-height: 1.3; }
.brand small { color: var(--soft); font-size: 13px; }
nav { display: flex; gap: 20px; font-size: 15px; }
nav a { text-decoration: none; padding: 6px 0; border-bottom: 2px solid transparent; white-space: nowrap; }
nav a:hover { border-color: var(--glaze); }
.hero { display: grid; grid-template-columns: 1.1fr 1fr; gap: 48px; align-items: center; padding-block: 40px 64px; }
h1 { font-size: clamp(28px, 4.4vw, 44px); line-height: 1.25; margin: 0 0 16px; text-wrap: balance; }
h1 span { display: inline-block; }
.hero p { color: var(--soft); font-size: 17px; margin: 0 0 28px; max-width: 34em; }
.action {
  display: inline-block; background: var(--glaze); color: var(--glaze-ink); text-decoration: none; font-weight: 600;
  padding: 12px 24px; border-radius: 999px;
}
.scene { width: 100%; height: auto; border-radius: 24px; background: var(--tint); display: block; }
h2 { font-size: 24px; margin: 0 0 24px; }
section { padding-block: 32px 48px; }
.cards { display: grid; grid-template-columns: repeat(3, 1fr); gap: 24px; padding: 0; margin: 0; list-style: none; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px; overflow: hidden; }
.card svg { display: block; width: 100%; height: auto; background: var(--tint); }
.card div { padding: 16px 20px 20px; }
.card h3 { margin: 0 0 4px; font-size: 17px; }
.card p { margin: 0 0 12px; color: var(--soft); font-size: 15px; }
.card strong { font-variant-numeric: tabular-nums; }
.note { color: var(--soft); font-size: 14px; margin: 16px 0 0; }
.promises { display: grid; grid-template-columns: repeat(3, 1fr); gap: 24px; margin: 0; }
.promises dt { font-weight: 600; border-top: 2px solid var(--clay); padding-top: 14px; }
.promises dd { margin: 4px 0 0; color: var(--soft); }
footer { border-top: 1px solid var(--line); color: var(--soft); font-size: 14px; }
footer .wide { padding-block: 24px 96px; }
.pot { fill: var(--glaze); } .rim { fill: none; stroke: var(--glaze-ink); stroke-width: 3; opacity: 0.55; stroke-linecap: round; }
.base { fill: var(--clay); } .stem { fill: none; stroke: var(--soft); stroke-width: 3; stroke-linecap: round; }
@media (max-width: 760px) {
  .hero { grid-template-columns: 1fr; gap: 28px; padding-block: 16px 32px; }
  .cards, .promises { grid-template-columns: 1fr; }
  header .wide { flex-wrap: wrap; gap: 8px 20px; padding-block: 16px; }
  .brand { flex-basis: 100%; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;
