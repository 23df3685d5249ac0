import { randomBytes } from 'node:crypto';
import type { Router } from 'express';
import { DomainError } from '../../domain/errors.ts';
import { installPage } from '../../pages/install.ts';
import { bodyParsers, callOf, type FrontDoorDeps, type Request, type Response } from '../front-door.ts';
import { showInstallation, takeInstallation, type InstallAnswer } from './install.ts';

const PATHS = ['/install', '/install.php'];
const COOKIE = 'openkefu_install';
/** Long enough to look something up, and over on the same day. */
const COOKIE_MS = 60 * 60 * 1000;

/** WoLive's `install.php`. Once it is done nothing is at its addresses, as if it had never been there. */
export function mountInstallation(router: Router, deps: FrontDoorDeps): void {
  router.use(PATHS, async (_req, res, next) => {
    // Out of this router, to what answers for nothing.
    if (!(await deps.installation.isOpen())) return next('router');
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.get(PATHS, (req, res) => answerWith(showInstallation, deps, req, res));
  router.post(PATHS, ...bodyParsers(), async (req, res) => {
    if (isForeign(deps, req))
      return void res.status(403).type('text/plain').send('This form stands on another site.\n');
    await answerWith(takeInstallation, deps, req, res);
  });
}

function isForeign({ auth }: FrontDoorDeps, req: Request): boolean {
  try {
    auth.requireOwnOrigin(req);
    return false;
  } catch (error) {
    if (error instanceof DomainError) return true;
    throw error;
  }
}

async function answerWith(
  answer: (visit: Parameters<typeof showInstallation>[0]) => Promise<InstallAnswer>,
  deps: FrontDoorDeps,
  req: Request,
  res: Response,
): Promise<void> {
  const code = await deps.installation.code();
  if (code === null) return void res.status(404).end();
  const language = languageOf(req);
  const call = callOf(req, deps.auth);
  const { status, view, cookie } = await answer({ deps, call, code, cookie: cookieOf(req), language });
  if (cookie !== undefined) keepCookie(deps, res, cookie);
  if (view.kind === 'done') res.clearCookie(COOKIE, { path: '/' });
  if (cookie !== undefined && req.method === 'GET') {
    // The code leaves the address bar, and with it what is copied from there.
    return res.redirect(303, `/install?lang=${language}`);
  }
  const nonce = randomBytes(16).toString('base64');
  res
    .status(status)
    .set(
      'Content-Security-Policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    );
  res.type('html').send(installPage({ nonce, language, view }));
}

function languageOf(req: Request): 'zh-CN' | 'en' {
  const { lang } = req.query;
  const asked = typeof lang === 'string' ? lang : req.acceptsLanguages('zh-CN', 'zh', 'en') || 'en';
  return asked.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

function keepCookie(deps: FrontDoorDeps, res: Response, value: string): void {
  const secure = deps.config.webUrl.startsWith('https:');
  res.cookie(COOKIE, value, { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: COOKIE_MS });
}

function cookieOf(req: Request): string {
  const found = new RegExp(`(?:^|; *)${COOKIE}=([^;]*)`).exec(req.get('cookie') ?? '');
  return found?.[1] ?? '';
}
