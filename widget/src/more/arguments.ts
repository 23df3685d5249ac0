import { nobody } from '../bridge/messages.ts';

/** What a site's developer is told who called us wrongly; null when all is well. */
export type Complaint = string | null;

const isWord = (value: unknown) => typeof value === 'string' || typeof value === 'number';
const isAbsent = (value: unknown) => value === undefined || value === null;

export function checkIdentity(given: unknown): Complaint {
  const fields = Object.keys(nobody);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return `identify takes an object with any of ${fields.join(', ')}`;
  }
  const wrong = fields.find((name) => {
    const value = (given as Record<string, unknown>)[name];
    return !isWord(value) && !isAbsent(value);
  });
  return wrong === undefined ? null : `identify: ${wrong} is no text`;
}

export function checkText(command: string, given: unknown): Complaint {
  return isWord(given) ? null : `${command} takes a text`;
}

export function checkTheme(given: unknown): Complaint {
  return /^(light|dark|auto)$/.test(String(given)) ? null : "setTheme takes 'light', 'dark' or 'auto'";
}
