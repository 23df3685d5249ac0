import { randomBytes } from 'node:crypto';
import express, { Router, type ErrorRequestHandler, type NextFunction } from 'express';
import type { ArrivedFile } from '../../domain/services.ts';
import { frameAncestors } from '../../http/security-headers.ts';
import { leaveMessagePage } from '../../pages/leave-message.ts';
import { bodyParsers, callOf, type FrontDoor, type FrontDoorDeps, type Request, type Response } from '../front-door.ts';
import { RateLimited } from '../rate-limits.ts';
import {
  blacklist,
  deletes,
  getBlackData,
  getChatNow,
  getSwitch,
  getVisiters,
  removeBlacklist,
} from './agent-visiters.ts';
import { claimVisiter } from './claim-visiter.ts';
import { getChats } from './get-chats.ts';
import { getWait } from './get-wait.ts';
import { serviceApply, serviceRefuse, visiterApply, visiterRefuse } from './calls.ts';
import { chatData, getDesignForViews, getMessage, getViews, getWatch } from './history.ts';
import { KnownSpeakers } from './known-speakers.ts';
import { fieldsOf, type LegacyCall, type LegacyRequest } from './legacy-call.ts';
import { login } from './login.ts';
import { modifyPassword, registerService, updateService, uploadPicture } from './manager-agents.ts';
import { addQuestion, cmTalk, getTab } from './manager-content.ts';
import { showMessagePage, takeMessagePage } from './message-page.ts';
import { notice } from './notice.ts';
import { refusalOf, type Reply } from './reply.ts';
import { mountInstallation } from './routes-install.ts';
import { mountWeixinCallback } from './routes-weixin.ts';
import { serviceChat } from './service-chat.ts';
import { uploadFile, uploadImage } from './upload.ts';
import { getAnswer, getQuestion, getTabList, leaveMessage } from './visiter-content.ts';
import { visiterChat } from './visiter-chat.ts';
import { bindWeixin, getWeixin, unbindWeixin } from './weixin.ts';

const CALLS: readonly LegacyCall[] = [
  notice,
  uploadImage,
  uploadFile,
  getQuestion,
  getAnswer,
  getTabList,
  leaveMessage,
  addQuestion,
  getTab,
  cmTalk,
  registerService,
  uploadPicture,
  updateService,
  modifyPassword,
  serviceChat,
  getChats,
  getWait,
  claimVisiter,
  chatData,
  getChatNow,
  getMessage,
  getWatch,
  getBlackData,
  blacklist,
  removeBlacklist,
  deletes,
  getSwitch,
  getVisiters,
  getViews,
  getDesignForViews,
  visiterApply,
  visiterRefuse,
  serviceApply,
  serviceRefuse,
  getWeixin,
  bindWeixin,
  unbindWeixin,
];

const CONSOLE = '/console/';
const LOGIN_PATH = '/admin/login';
const MESSAGE_PAGE_PATH = '/index/message';
const WEBHOOK_PATH = '/admin/event';
/** Of one batch of the realtime server's facts. */
const MAX_WEBHOOK_BYTES = 2 * 1024 * 1024;
const PREFLIGHT_SECONDS = 86_400;

/** WoLive's calls; the app mounts them at `/` and at `/index.php`. */
export const wolive: FrontDoor = (deps) => {
  const router = Router();
  router.post(WEBHOOK_PATH, express.raw({ type: () => true, limit: MAX_WEBHOOK_BYTES }), webhook(deps));
  router.use(WEBHOOK_PATH, refusalWriter(1));
  // The call that is made most often stands first.
  for (const call of [visiterChat(new KnownSpeakers()), ...CALLS]) mount(router, deps, call);
  mountLogin(router, deps);
  mountMessagePage(router, deps);
  mountInstallation(router, deps);
  mountWeixinCallback(router, deps);
  return router;
};

function mount(router: Router, deps: FrontDoorDeps, call: LegacyCall): void {
  const { paths, access, reads, failureCode, upload } = call;
  if (access === 'visitor') router.all(paths, openToAnySite);
  const answer = async (req: Request, res: Response) => res.json(await replyOf(deps, call, req));
  if (reads) router.get(paths, answer);
  if (upload === undefined) router.post(paths, ...bodyParsers(), answer);
  else router.post(paths, (req, res) => answerForm(deps, call, upload, req, res));
  router.all(paths, refuseMethod(reads ? 'GET, POST' : 'POST', failureCode));
  router.use(paths, refusalWriter(failureCode));
}

type Handle = (request: LegacyRequest) => Promise<Reply>;

async function replyOf(deps: FrontDoorDeps, call: LegacyCall, req: Request): Promise<Reply> {
  const handle = await admitted(deps, call, req);
  return handle(legacyRequest(deps, req));
}

/** A form is read only once its sender may send one. Without its file the call answers as for a missing field. */
async function answerForm(deps: FrontDoorDeps, call: LegacyCall, field: string, req: Request, res: Response) {
  const handle = await admitted(deps, call, req);
  if (call.access === 'visitor') deps.rateLimiter.take('uploads', req.ip ?? '');
  res.json(await deps.uploads.with(req, res, field, (file) => handle(legacyRequest(deps, req, file))));
}

/** Whether somebody may make this call at all, and what then answers it. */
async function admitted(deps: FrontDoorDeps, call: LegacyCall, req: Request): Promise<Handle> {
  switch (call.access) {
    case 'visitor':
      deps.rateLimiter.take('visitor-address', req.ip ?? '');
      return (request) => call.handle(deps, request);
    case 'agent': {
      deps.auth.requireOwnOrigin(req);
      const agent = await deps.auth.agentOf(req);
      if (agent === null) throw new NoSession('Sign in first');
      return (request) => call.handle(deps, agent, request);
    }
    default:
      return call satisfies never;
  }
}

/** An agent's call without a session; the one refusal that answers code 401. */
class NoSession extends Error {}

function legacyRequest({ auth }: FrontDoorDeps, req: Request, upload: ArrivedFile | null = null): LegacyRequest {
  const call = callOf(req, auth, upload);
  return { ...call, fields: fieldsOf(call), visitorToken: auth.visitorTokenOf(req) };
}

/** A page of the console, a form that redirects, or a call that answers JSON. */
function mountLogin(router: Router, deps: FrontDoorDeps): void {
  router.get(LOGIN_PATH, (_req, res) => res.redirect(CONSOLE));
  router.post(LOGIN_PATH, ...bodyParsers(), async (req, res) => {
    deps.auth.requireOwnOrigin(req);
    const reply = await login(deps, legacyRequest(deps, req));
    if (isFormPost(req)) res.redirect(303, CONSOLE);
    else res.json(reply);
  });
  router.all(LOGIN_PATH, refuseMethod('GET, POST', 1));
  router.use(LOGIN_PATH, refusalWriter(1));
}

/** A page without a script; what it may load is its own style and nothing else. */
function mountMessagePage(router: Router, deps: FrontDoorDeps): void {
  const answer = (pageOf: typeof showMessagePage) => async (req: Request, res: Response) => {
    const { status, business, view } = await pageOf(deps, callOf(req, deps.auth));
    const nonce = randomBytes(16).toString('base64');
    const asked = typeof req.query['lang'] === 'string' ? req.query['lang'] : '';
    const language = asked || business?.locale || req.acceptsLanguages('zh-CN', 'zh', 'en') || 'en';
    const framers = frameAncestors(business?.allowedDomains ?? []).join(' ');
    res.status(status).set({
      'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors ${framers}`,
      'Cache-Control': 'no-store',
    });
    res.type('html').send(leaveMessagePage({ nonce, language, businessName: business?.name ?? '', view }));
  };
  router.get(MESSAGE_PAGE_PATH, answer(showMessagePage));
  router.post(MESSAGE_PAGE_PATH, ...bodyParsers(), answer(takeMessagePage));
  router.all(MESSAGE_PAGE_PATH, refuseMethod('GET, POST', 1));
  router.use(MESSAGE_PAGE_PATH, refusalWriter(1));
}

/** A browser's own form; scripts say `X-Requested-With` or send JSON. */
function isFormPost(req: Request): boolean {
  return req.is('application/x-www-form-urlencoded') !== false && req.get('x-requested-with') === undefined;
}

function webhook(deps: FrontDoorDeps) {
  return async (req: Request, res: Response) => {
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    switch (await deps.receiveWebhook(body, req.headers)) {
      case 'ok':
        return res.json({ code: 0, msg: '' });
      case 'bad_signature':
        return res.status(401).json({ code: 401, msg: '签名错误' });
      case 'malformed':
        return res.status(400).json({ code: 1, msg: '无法解析请求' });
    }
  };
}

/** `*` without credentials: these calls know their caller by what they carry. */
function openToAnySite(req: Request, res: Response, next: NextFunction): void {
  res.set('Access-Control-Allow-Origin', '*');
  if (req.method !== 'OPTIONS') return next();
  res.set({
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Requested-With',
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
  });
  res.status(204).end();
}

function refuseMethod(allowed: string, code: number) {
  return (_req: Request, res: Response) => {
    res
      .status(405)
      .set('Allow', allowed)
      .json({ code, msg: `请使用 ${allowed}` } satisfies Reply);
  };
}

function refusalWriter(failureCode: number): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    if (error instanceof NoSession) return void res.status(401).json({ code: 401, msg: '请先登录' } satisfies Reply);
    const refusal = refusalOf(error, failureCode);
    if (refusal === null) return next(error);
    if (error instanceof RateLimited) res.set('Retry-After', String(error.retryAfterSeconds));
    res.status(refusal.status).json(refusal.reply);
  };
}
