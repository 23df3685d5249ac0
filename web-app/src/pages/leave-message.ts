import { escaped } from './escaped.ts';
import { leaveMessageTexts } from './leave-message-texts.ts';

export interface LeaveMessageFields {
  name: string;
  moblie: string;
  email: string;
  content: string;
}

/** `form` to be filled in, with what was written before and what was wrong with it; `thanks` after it arrived. */
export type LeaveMessageView =
  | { kind: 'form'; fields: LeaveMessageFields; fault: 'empty' | 'tooLong' | 'tooOften' | null }
  | { kind: 'thanks' }
  | { kind: 'closed' };

export interface LeaveMessagePage {
  /** Lets the page's style in under its policy; it has no script. */
  nonce: string;
  /** A language tag. */
  language: string;
  /** The business's name; empty when there is no such business. */
  businessName: string;
  view: LeaveMessageView;
}

export const NO_FIELDS: LeaveMessageFields = { name: '', moblie: '', email: '', content: '' };

/** The page of WoLive's `/index/message`. It works without a script, and posts to its own address. */
export function leaveMessagePage({ nonce, language, businessName, view }: LeaveMessagePage): string {
  const texts = leaveMessageTexts(language);
  const title = businessName === '' ? texts.title : `${texts.title} · ${businessName}`;
  return `<!doctype html>
<html lang="${texts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${styles}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${contentOf(view, texts)}
</main>
</body>
</html>
`;
}

function contentOf(view: LeaveMessageView, texts: ReturnType<typeof leaveMessageTexts>): string {
  switch (view.kind) {
    case 'thanks':
      return `<p class="done" role="status">${texts.thanks}</p>\n<p><a href="">${texts.another}</a></p>`;
    case 'closed':
      return `<p role="status">${texts.closed}</p>`;
    case 'form':
      return formOf(view, texts);
    default:
      return view satisfies never;
  }
}

function formOf(
  { fields, fault }: Extract<LeaveMessageView, { kind: 'form' }>,
  texts: ReturnType<typeof leaveMessageTexts>,
): string {
  const line = (name: 'name' | 'moblie' | 'email', type: string, label: string, autocomplete: string) =>
    `<label>${label}<input name="${name}" type="${type}" maxlength="255" autocomplete="${autocomplete}" value="${escaped(fields[name])}"></label>`;
  const notice = fault === null ? `<p>${texts.intro}</p>` : `<p class="fault" role="alert">${texts[fault]}</p>`;
  return `${notice}
<form method="post" accept-charset="utf-8">
${line('name', 'text', texts.name, 'name')}
${line('moblie', 'tel', texts.phone, 'tel')}
${line('email', 'email', texts.email, 'email')}
<label>${texts.content} (${texts.required})<textarea name="content" rows="6" maxlength="10000" required>
${escaped(fields.content)}</textarea></label>
<button>${texts.send}</button>
</form>`;
}

const styles = `:root{color-scheme:light dark}
body{margin:0;font:16px/1.6 system-ui,-apple-system,"PingFang SC","Microsoft YaHei",sans-serif;background:Canvas;color:CanvasText}
main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.4rem;margin:0 0 1rem}
label{display:block;margin:1rem 0 0;font-weight:600}
input,textarea{display:block;box-sizing:border-box;width:100%;margin-top:.25rem;padding:.6rem .7rem;font:inherit;font-weight:400;border:1px solid #767676;border-radius:.5rem;background:Field;color:FieldText}
textarea{resize:vertical}
button{margin-top:1.25rem;padding:.7rem 1.4rem;font:inherit;font-weight:600;border:0;border-radius:.5rem;background:#1f56d8;color:#fff;cursor:pointer}
:focus-visible{outline:3px solid #2f6bff;outline-offset:2px}
.fault{padding:.6rem .8rem;border-inline-start:4px solid #c62828}
.done{padding:.6rem .8rem;border-inline-start:4px solid #2e7d32}`;
