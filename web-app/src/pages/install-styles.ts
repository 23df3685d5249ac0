/** The installation's look: a quiet card, by day and by night, down to 320 pixels. */
export const installStyles = `
:root {
  color-scheme: light dark;
  --ground: #f7f8fa; --card: #ffffff; --line: #e3e7ed; --field: #767f8c; --ink: #1a2230; --soft: #5b6778;
  --accent: #2257db; --accent-ink: #ffffff; --tint: #eaf1ff; --good: #0f6a4c; --look: #8a4b08; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1318; --card: #161b22; --line: #2b3442; --field: #7d899a; --ink: #e6eaf0; --soft: #9aa6b5;
    --accent: #6c9bff; --accent-ink: #0c1730; --tint: #1a2742; --good: #5fd0a5; --look: #f0b46a; --bad: #ff9a92;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink); font-size: 16px; line-height: 1.6;
  font-family: system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif;
}
main { max-width: 44rem; margin: 0 auto; padding: 32px 20px 64px; }
header { display: flex; align-items: baseline; gap: 16px; margin: 0 0 16px; }
header p { margin: 0 auto 0 0; font-size: 20px; font-weight: 600; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.steps { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; margin: 0 0 24px; padding: 0; list-style: none; font-size: 14px; }
.steps li { border-top: 4px solid var(--line); padding-top: 8px; color: var(--soft); overflow-wrap: anywhere; }
.steps .past { border-color: var(--accent); }
.steps [aria-current] { border-color: var(--accent); color: var(--ink); font-weight: 600; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 28px 32px 32px; }
h1 { font-size: 22px; line-height: 1.35; margin: 0 0 8px; }
.intro { color: var(--soft); margin: 0 0 20px; }
.checks { margin: 0; padding: 0; list-style: none; }
.checks li { display: grid; grid-template-columns: 24px 1fr auto; gap: 0 12px; padding: 14px 0; border-top: 1px solid var(--line); }
.checks svg { width: 24px; height: 24px; margin-top: 1px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.checks strong { font-weight: 600; }
.checks small { font-size: 14px; font-weight: 600; }
.checks span { grid-column: 2 / 4; color: var(--soft); font-size: 15px; overflow-wrap: anywhere; }
.good svg, .good small { color: var(--good); } .look svg, .look small { color: var(--look); } .bad svg, .bad small { color: var(--bad); }
fieldset { border: 0; margin: 0; padding: 20px 0 0; min-width: 0; }
fieldset + fieldset { border-top: 1px solid var(--line); margin-top: 28px; }
legend { float: left; width: 100%; font-weight: 600; font-size: 18px; margin: 0 0 4px; padding: 0; }
legend + * { clear: both; }
.field { display: block; margin: 16px 0 0; font-weight: 600; }
.hint { display: block; color: var(--soft); font-size: 14px; font-weight: 400; margin-top: 4px; }
input:not([type='radio']) {
  display: block; width: 100%; margin-top: 6px; padding: 10px 12px; font: inherit; font-weight: 400; color: inherit;
  background: var(--card); border: 1px solid var(--field); border-radius: 8px;
}
[aria-invalid='true'] { border-color: var(--bad) !important; border-width: 2px !important; }
.choice { display: grid; grid-template-columns: 24px 1fr; gap: 0 8px; margin: 12px 0 0; padding: 12px; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
.choice:has(:checked) { border-color: var(--accent); background: var(--tint); }
.choice input { width: 20px; height: 20px; margin: 3px 0 0; accent-color: var(--accent); }
.fault { margin: 16px 0; padding: 10px 14px; border-inline-start: 4px solid var(--bad); background: var(--ground); }
.actions { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: center; margin: 28px 0 0; }
.action {
  display: inline-block; min-height: 44px; padding: 10px 24px; font: inherit; font-weight: 600; line-height: 24px; text-decoration: none;
  border: 0; border-radius: 8px; background: var(--accent); color: var(--accent-ink); cursor: pointer;
}
pre { margin: 8px 0 0; padding: 12px 14px; overflow-x: auto; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; font-size: 13px; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; }
.over { color: var(--soft); font-size: 14px; margin: 24px 0 0; }
@media (max-width: 560px) {
  main { padding: 20px 16px 40px; }
  section { padding: 20px 18px 24px; }
  .action { width: 100%; text-align: center; }
  .actions > a:not(.action) { padding: 8px 0; }
}
`;
