import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type ErrorRequestHandler, type NextFunction } from 'express';
import type { Actor, VisitorActor } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import { ForeignSite, requireAllowedSite } from '../cross-origin.ts';
import {
  bodyParsers,
  callOf,
  type Call,
  type FrontDoor,
  type FrontDoorDeps,
  type Request,
  type Response,
} from '../front-door.ts';
import { shareWithSites } from '../front-door-cors.ts';
import { RateLimited } from '../rate-limits.ts';
import { whoCalls } from '../who.ts';
import { beginVisitorSession } from './begin-visitor-session.ts';
import { blacklistCustomer, unblacklistCustomer } from './blacklist-customer.ts';
import { acceptCall, endCall, getRinging, keepCallAlive, offerCall, refuseCall } from './calls.ts';
import { claimConversation } from './claim-conversation.ts';
import { closeConversation } from './close-conversation.ts';
import { countConversations } from './count-conversations.ts';
import type { Answer, Endpoint } from './endpoint.ts';
import { askFaq, getFaq, listFaqs } from './faqs.ts';
import { getConfigScript } from './get-config-script.ts';
import { getConfig } from './get-config.ts';
import { getConversation } from './get-conversation.ts';
import { getMe } from './get-me.ts';
import { getTranscript } from './get-transcript.ts';
import {
  listRealtimeChannels,
  listRealtimeConnections,
  listRealtimeDeliveries,
  listRealtimeMembers,
} from './inspect-realtime.ts';
import { leaveMessage, listLeaveMessages } from './leave-messages.ts';
import { listAgents } from './list-agents.ts';
import { listConversations } from './list-conversations.ts';
import { listMessages } from './list-messages.ts';
import { listTabs } from './list-tabs.ts';
import { markDelivered } from './mark-delivered.ts';
import { markRead } from './mark-read.ts';
import { problemOf, WrongContentType } from './problem.ts';
import { rateConversation, requestRating } from './rate-conversation.ts';
import { reopenConversation } from './reopen-conversation.ts';
import { sendMessage } from './send-message.ts';
import { setStatus } from './set-status.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';
import { streamRealtime } from './stream-realtime.ts';
import { transferConversation } from './transfer-conversation.ts';
import { triggerRealtime } from './trigger-realtime.ts';
import { uploadFile } from './upload-file.ts';
import { getWidgetSettings, putWidgetSettings } from './widget-settings.ts';

/** `counts` stands before `:id`, which would take it for an id. */
const ENDPOINTS: readonly Endpoint[] = [
  getConfig,
  getConfigScript,
  beginVisitorSession,
  signIn,
  signOut,
  getMe,
  setStatus,
  listConversations,
  countConversations,
  getConversation,
  listMessages,
  sendMessage,
  uploadFile,
  markRead,
  claimConversation,
  closeConversation,
  reopenConversation,
  transferConversation,
  blacklistCustomer,
  unblacklistCustomer,
  markDelivered,
  rateConversation,
  requestRating,
  offerCall,
  getRinging,
  acceptCall,
  refuseCall,
  endCall,
  keepCallAlive,
  getTranscript,
  listAgents,
  listFaqs,
  getFaq,
  askFaq,
  listTabs,
  leaveMessage,
  listLeaveMessages,
  getWidgetSettings,
  putWidgetSettings,
  listRealtimeConnections,
  listRealtimeChannels,
  listRealtimeMembers,
  listRealtimeDeliveries,
  triggerRealtime,
  streamRealtime,
];

const CHANGES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** `/api/v1`. */
export const consoleApi: FrontDoor = (deps) => {
  const router = Router();
  for (const { path, method } of ENDPOINTS.filter(isForSites)) {
    router.options(path, shareWithSites('GET, POST'));
    router[method](path, shareWithSites('GET, POST'));
  }
  mount(router, deps, (endpoint) => endpoint.upload !== undefined);
  router.use(requireJson, ...bodyParsers());
  mount(router, deps, (endpoint) => endpoint.upload === undefined);
  router.use(writeProblem);
  return router;
};

function isForSites({ access }: Endpoint): boolean {
  return access === 'public' || access === 'anybody' || access === 'either';
}

function mount(router: Router, deps: FrontDoorDeps, which: (endpoint: Endpoint) => boolean): void {
  for (const endpoint of ENDPOINTS.filter(which)) {
    router[endpoint.method](endpoint.path, (req, res) => respond(deps, endpoint, req, res));
  }
}

function requireJson(req: Request, _res: Response, next: NextFunction): void {
  const length = req.get('content-length');
  const hasBody = req.get('transfer-encoding') !== undefined || (length !== undefined && length !== '0');
  next(hasBody && req.is('application/json') === false ? new WrongContentType('not JSON') : undefined);
}

async function answer(deps: FrontDoorDeps, endpoint: Endpoint, req: Request, res: Response): Promise<Answer> {
  const { auth } = deps;
  const call = callOf(req, auth);
  switch (endpoint.access) {
    case 'public':
      return endpoint.handle(deps, call);
    case 'anybody':
      return endpoint.handle(deps, await visitorIfTold(deps, req), call);
    case 'own-pages':
      auth.requireOwnOrigin(req);
      return endpoint.handle(deps, call);
    case 'agent':
    case 'either':
      return answerKnown(deps, endpoint, req, res);
    default:
      return endpoint satisfies never;
  }
}

/** Null: the call carries no token. @throws DomainError `unauthorized` for a token that is nobody's */
async function visitorIfTold({ auth }: FrontDoorDeps, req: Request): Promise<VisitorActor | null> {
  if (auth.visitorTokenOf(req) === null) return null;
  const visitor = await auth.visitorOf(req);
  if (visitor === null) throw new DomainError('unauthorized', 'This visitor token is nobody’s');
  return visitor;
}

async function answerKnown(
  deps: FrontDoorDeps,
  endpoint: Extract<Endpoint, { access: 'agent' | 'either' }>,
  req: Request,
  res: Response,
): Promise<Answer> {
  const call = callOf(req, deps.auth);
  const who = await whoCalls(deps.auth, req);
  switch (who.kind) {
    case 'visitor':
      await requireVisitorsSite(deps, call, who.businessId);
      if (endpoint.access === 'agent') throw new DomainError('forbidden', 'This call is for agents');
      return withUpload(deps, endpoint, who, req, res, (complete) => endpoint.handle(deps, who, complete));
    case 'agent':
      if (CHANGES.has(req.method)) deps.auth.requireCsrf(req);
      return withUpload(deps, endpoint, who, req, res, (complete) => endpoint.handle(deps, who, complete));
    default:
      return who satisfies never;
  }
}

/** A form is read only once its sender is known. */
function withUpload(
  { auth, uploads, rateLimiter }: FrontDoorDeps,
  { upload }: Endpoint,
  who: Actor,
  req: Request,
  res: Response,
  handle: (call: Call) => Promise<Answer>,
): Promise<Answer> {
  if (upload === undefined) return handle(callOf(req, auth));
  if (who.kind === 'visitor') rateLimiter.take('uploads', req.ip ?? '');
  return uploads.with(req, res, upload, (file) => handle(callOf(req, auth, file)));
}

async function requireVisitorsSite({ services, config }: FrontDoorDeps, call: Call, businessId: number): Promise<void> {
  const business = await services.businesses.byId(businessId);
  if (business === null) throw new DomainError('unauthorized', 'This business is no longer there');
  requireAllowedSite(call, config, business);
}

async function respond(deps: FrontDoorDeps, endpoint: Endpoint, req: Request, res: Response): Promise<void> {
  const { status, body, text, stream, headers = {} } = await answer(deps, endpoint, req, res);
  res.status(status).set('Cache-Control', 'no-store').set(headers);
  if (stream !== undefined) await passOn(stream, res);
  else if (text !== undefined) res.send(text);
  else if (body === undefined) res.end();
  else res.json(body);
}

/** Until either side ends it; to break a stream off is how a browser ends one, and no failure. */
async function passOn(stream: Readable, res: Response): Promise<void> {
  res.flushHeaders();
  await pipeline(stream, res).catch(() => res.destroy());
}

const writeProblem: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  const problem = problemOf(error);
  if (problem === null || res.headersSent) return next(error);
  if (error instanceof ForeignSite) res.removeHeader('Access-Control-Allow-Origin');
  if (error instanceof RateLimited) res.set('Retry-After', String(error.retryAfterSeconds));
  res.status(problem.status).set('Cache-Control', 'no-store');
  res.type('application/problem+json').send(JSON.stringify(problem));
};
