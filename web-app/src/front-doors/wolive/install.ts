import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import { installTexts, type InstallFault } from '../../pages/install-texts.ts';
import type { InstallCheck, InstallFields, InstallView } from '../../pages/install.ts';
import type { Call, FrontDoorDeps } from '../front-door.ts';

/** What `/install` shows. `cookie`: what the browser keeps from now on. */
export interface InstallAnswer {
  status: number;
  view: InstallView;
  cookie?: string;
}

/** Who shows the code once is known by what is made of it; the code itself stands in no cookie and no form. */
function madeOf(code: string, purpose: 'cookie' | 'csrf'): string {
  return createHmac('sha256', code).update(`install ${purpose}`).digest('base64url');
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A visit to the installation; `code` is the one in force. */
interface Visit {
  deps: FrontDoorDeps;
  call: Call;
  code: string;
  /** The cookie that the request carries; empty when none. */
  cookie: string;
  language: string;
}

/** GET: the first step, or with `step=2` the second. Who brings the code in the address is let in by it. */
export async function showInstallation(visit: Visit): Promise<InstallAnswer> {
  const { code, step } = firstWords(visit.call.query);
  if (code !== '') return admit(visit, code);
  if (!isAdmitted(visit)) return { status: 200, view: { kind: 'code', fault: null } };
  if (step !== '2') return { status: 200, view: await checksOf(visit) };
  return siteForm(visit, 200, null, { user_name: 'admin', business_id: '', name: '', legacy: '' });
}

/** POST: the code, or the site. */
export async function takeInstallation(visit: Visit): Promise<InstallAnswer> {
  const { step, code, csrf } = firstWords(visit.call.body);
  if (step !== 'site') return admit(visit, code);
  if (!isAdmitted(visit) || !isSame(csrf, madeOf(visit.code, 'csrf'))) {
    return { status: 403, view: { kind: 'code', fault: null } };
  }
  return install(visit);
}

async function admit(visit: Visit, given: string): Promise<InstallAnswer> {
  const { deps, call, code } = visit;
  try {
    deps.rateLimiter.take('install', call.address);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'rate_limited') throw error;
    return { status: 429, view: { kind: 'code', fault: 'tooOften' } };
  }
  if (!(await deps.installation.isCode(given))) return { status: 403, view: { kind: 'code', fault: 'wrongCode' } };
  return { status: 200, view: await checksOf(visit), cookie: madeOf(code, 'cookie') };
}

function isAdmitted({ code, cookie }: Visit): boolean {
  return isSame(cookie, madeOf(code, 'cookie'));
}

const siteRequest = z.object({
  user_name: z.string().regex(/^[A-Za-z0-9_.@-]{1,64}$/),
  password: z.string().min(8).max(256),
  password2: z.string(),
  business_id: z.string().regex(/^[A-Za-z0-9_.-]{1,50}$/),
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^\P{Cc}*$/u),
  legacy: z.enum(['no', 'yes']),
});

const FAULTS: Record<keyof z.output<typeof siteRequest>, InstallFault> = {
  user_name: 'userName',
  password: 'password',
  password2: 'password2',
  business_id: 'businessId',
  name: 'name',
  legacy: 'legacy',
};

async function install(visit: Visit): Promise<InstallAnswer> {
  const { deps, call, language } = visit;
  const parsed = siteRequest.safeParse(call.body);
  const fields = writtenFields(call.body);
  if (!parsed.success) {
    const at = String(parsed.error.issues[0]?.path[0]);
    return siteForm(visit, 422, at in FAULTS ? FAULTS[at as keyof typeof FAULTS] : 'legacy', fields);
  }
  const { user_name: userName, password, password2, business_id: slug, name, legacy } = parsed.data;
  if (password !== password2) return siteForm(visit, 422, 'password2', fields);
  const { lang: locale, greeting, offlineText } = installTexts(language);
  const passwordHash = await deps.auth.hashPassword(password);
  const words = { name, locale, greeting, offlineText };
  const outcome = await deps.installation.finish({
    ...words,
    userName,
    passwordHash,
    slug,
    legacyVisitors: legacy === 'yes',
  });
  switch (outcome) {
    case 'done':
      return { status: 200, view: { kind: 'done', userName, businessId: slug, webUrl: deps.config.webUrl } };
    case 'user_name_taken':
      return siteForm(visit, 422, 'userNameTaken', fields);
    case 'business_id_taken':
      return siteForm(visit, 422, 'businessIdTaken', fields);
    case 'over':
      return { status: 404, view: { kind: 'code', fault: null } };
    default:
      return outcome satisfies never;
  }
}

function siteForm({ code }: Visit, status: number, fault: InstallFault | null, fields: InstallFields): InstallAnswer {
  return { status, view: { kind: 'site', fields, fault, csrfToken: madeOf(code, 'csrf') } };
}

/** What was filled in comes back, but for passwords. */
function writtenFields(body: unknown): InstallFields {
  const { user_name, business_id, name, legacy } = firstWords(body);
  return { user_name, business_id, name, legacy: legacy === 'yes' || legacy === 'no' ? legacy : '' };
}

/** Fields as text; whatever is no text, or is absent, is empty. */
function firstWords(fields: unknown) {
  const given = Object(fields) as Record<string, unknown>;
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  return {
    step: text('step'),
    code: text('code'),
    csrf: text('csrf'),
    user_name: text('user_name'),
    business_id: text('business_id'),
    name: text('name'),
    legacy: text('legacy'),
  };
}

async function checksOf({ deps, call }: Visit): Promise<InstallView> {
  const { database, realtime, uploads } = await deps.checkEnvironment();
  const { address } = realtime;
  const { folder } = uploads;
  const checks: InstallCheck[] = [
    { check: 'database', verdict: 'good', text: 'good', values: database },
    realtime.isThere
      ? { check: 'realtime', verdict: 'good', text: 'good', values: { address } }
      : { check: 'realtime', verdict: 'bad', text: 'bad', values: { address } },
    uploads.isWritable
      ? { check: 'uploads', verdict: 'good', text: 'good', values: { folder } }
      : { check: 'uploads', verdict: 'bad', text: 'bad', values: { folder } },
    addressCheck(deps.config.webUrl, call.host),
  ];
  return { kind: 'checks', checks };
}

/** An address of this machine alone needs no encryption. */
const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

function addressCheck(url: string, seen: string): InstallCheck {
  const { host, protocol } = new URL(url);
  if (host !== seen) return { check: 'address', verdict: 'look', text: 'other', values: { url, seen } };
  const isPlain = protocol === 'http:' && !LOCAL.test(host);
  return { check: 'address', verdict: isPlain ? 'look' : 'good', text: isPlain ? 'plain' : 'good', values: { url } };
}
