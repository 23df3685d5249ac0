import { escaped } from './escaped.ts';
import { installStyles } from './install-styles.ts';
import { installTexts, type InstallFault, type InstallTexts } from './install-texts.ts';

export interface InstallFields {
  user_name: string;
  business_id: string;
  name: string;
  /** `''`: not answered yet. */
  legacy: '' | 'no' | 'yes';
}

/** What was found, and how serious it is. */
export interface InstallCheck {
  /** As it stands in the texts. */
  check: 'database' | 'realtime' | 'uploads' | 'address';
  verdict: 'good' | 'look' | 'bad';
  /** Which of the texts, and what is put into it. */
  text: 'good' | 'bad' | 'other' | 'plain';
  values: Readonly<Record<string, string>>;
}

export type InstallView =
  | { kind: 'code'; fault: InstallFault | null }
  | { kind: 'checks'; checks: readonly InstallCheck[] }
  | { kind: 'site'; fields: InstallFields; fault: InstallFault | null; csrfToken: string }
  | { kind: 'done'; userName: string; businessId: string; webUrl: string };

export interface InstallPage {
  /** Lets the page's style in under its policy; it has no script. */
  nonce: string;
  /** A language tag. */
  language: string;
  view: InstallView;
}

type View<Kind extends InstallView['kind']> = Extract<InstallView, { kind: Kind }>;

const STEP: Record<InstallView['kind'], number> = { code: 0, checks: 0, site: 1, done: 2 };

/** The page of WoLive's `install.php`, in the document's three steps. It works without a script. */
export function installPage({ nonce, language, view }: InstallPage): string {
  const texts = installTexts(language);
  const steps = texts.steps.map((name, index) => {
    const past = index < STEP[view.kind] ? ' class="past"' : '';
    return `<li${index === STEP[view.kind] ? ' aria-current="step"' : past}>${index + 1}. ${name}</li>`;
  });
  const step = view.kind === 'site' ? '&step=2' : '';
  // What was filled in and sent is not asked for again by a link.
  const other =
    view.kind === 'done'
      ? ''
      : `<a href="?lang=${texts.other.lang}${escaped(step)}" lang="${texts.other.lang}" hreflang="${texts.other.lang}">${texts.other.label}</a>`;
  return `<!doctype html>
<html lang="${texts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${texts.title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${installStyles}</style>
</head>
<body>
<main>
<header><p>${texts.title}</p>${other}</header>
<ol class="steps">${steps.join('')}</ol>
<section>
${contentOf(view, texts)}
</section>
</main>
</body>
</html>
`;
}

function contentOf(view: InstallView, texts: InstallTexts): string {
  switch (view.kind) {
    case 'code':
      return codeForm(view, texts);
    case 'checks':
      return checkList(view, texts);
    case 'site':
      return siteForm(view, texts);
    case 'done':
      return farewell(view, texts);
    default:
      return view satisfies never;
  }
}

function codeForm({ fault }: View<'code'>, texts: InstallTexts): string {
  const { heading, intro, label, next } = texts.code;
  return `<h1>${heading}</h1>
<p class="intro">${intro}</p>
${faultOf(fault, texts)}<form method="post" accept-charset="utf-8" action="?lang=${texts.lang}">
<input type="hidden" name="step" value="code">
<label class="field">${label}<input name="code" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="64" required${invalid(fault !== null)}></label>
<div class="actions"><button class="action">${next}</button></div>
</form>`;
}

const ICONS: Record<InstallCheck['verdict'], string> = {
  good: '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
  look: '<path d="M12 4l9 16H3zM12 10v5M12 17.6v.2"/>',
  bad: '<path d="M6 6l12 12M18 6L6 18"/>',
};

function checkList({ checks }: View<'checks'>, texts: InstallTexts): string {
  const { heading, intro, troubled, next, again } = texts.checks;
  const items = checks.map(({ check, verdict, text, values }) => {
    const words: Partial<Record<InstallCheck['text'], string>> & { name: string } = texts.checks[check];
    const icon = `<svg viewBox="0 0 24 24" aria-hidden="true">${ICONS[verdict]}</svg>`;
    const said = escaped(filled(words[text] ?? '', values));
    return `<li class="${verdict}">${icon}<strong>${words.name}</strong><small>${texts.checks[verdict]}</small><span>${said}</span></li>`;
  });
  const isFine = checks.every(({ verdict }) => verdict === 'good');
  return `<h1>${heading}</h1>
<p class="intro">${isFine ? intro : troubled}</p>
<ul class="checks">${items.join('\n')}</ul>
<div class="actions"><a class="action" href="?lang=${texts.lang}&amp;step=2">${next}</a><a href="?lang=${texts.lang}">${again}</a></div>`;
}

function siteForm({ fields, fault, csrfToken }: View<'site'>, texts: InstallTexts): string {
  const site = texts.site;
  const at = (...faults: InstallFault[]) => invalid(fault !== null && faults.includes(fault));
  const choice = (value: 'no' | 'yes', label: string, hint: string) =>
    `<label class="choice"><input type="radio" name="legacy" value="${value}" required${fields.legacy === value ? ' checked' : ''}><span><b>${label}</b><span class="hint">${hint}</span></span></label>`;
  return `<h1>${site.heading}</h1>
${faultOf(fault, texts)}<form method="post" accept-charset="utf-8" action="?lang=${texts.lang}">
<input type="hidden" name="step" value="site"><input type="hidden" name="csrf" value="${escaped(csrfToken)}">
<fieldset><legend>${site.administrator}</legend>
<label class="field">${site.userName}<input name="user_name" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" required value="${escaped(fields.user_name)}"${at('userName', 'userNameTaken')}></label>
<label class="field">${site.password}<input name="password" type="password" autocomplete="new-password" minlength="8" maxlength="256" required${at('password')}><span class="hint">${site.passwordHint}</span></label>
<label class="field">${site.password2}<input name="password2" type="password" autocomplete="new-password" minlength="8" maxlength="256" required${at('password2')}></label>
</fieldset>
<fieldset><legend>${site.business}</legend>
<label class="field">${site.businessId}<input name="business_id" autocapitalize="none" spellcheck="false" maxlength="50" pattern="[A-Za-z0-9_.\\-]{1,50}" required value="${escaped(fields.business_id)}"${at('businessId', 'businessIdTaken')}><span class="hint">${site.businessIdHint}</span></label>
<label class="field">${site.name}<input name="name" autocomplete="organization" maxlength="100" required value="${escaped(fields.name)}"${at('name')}><span class="hint">${site.nameHint}</span></label>
</fieldset>
<fieldset><legend>${site.legacy}</legend>
${choice('no', site.no, site.noHint)}
${choice('yes', site.yes, site.yesHint)}
</fieldset>
<div class="actions"><button class="action">${site.save}</button></div>
</form>`;
}

function farewell({ userName, businessId, webUrl }: View<'done'>, texts: InstallTexts): string {
  const { heading, intro, console, demo, snippet, over } = texts.done;
  const options = JSON.stringify({ business_id: businessId });
  const code = `<script>window.OpenKefu=window.OpenKefu||function(){(OpenKefu.q=OpenKefu.q||[]).push(arguments)};OpenKefu('boot',${options})</script>
<script async src="${webUrl}/widget.js"></script>`;
  return `<h1>${heading}</h1>
<p class="intro" role="status">${escaped(filled(intro, { userName }))}</p>
<p>${snippet}</p>
<pre tabindex="0"><code>${escaped(code)}</code></pre>
<div class="actions"><a class="action" href="/console/">${console}</a><a href="/demo?lang=${texts.lang}">${demo}</a></div>
<p class="over">${over}</p>`;
}

function faultOf(fault: InstallFault | null, texts: InstallTexts): string {
  return fault === null ? '' : `<p class="fault" role="alert">${texts.faults[fault]}</p>\n`;
}

function invalid(is: boolean): string {
  return is ? ' aria-invalid="true"' : '';
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
