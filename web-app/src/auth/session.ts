import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { AgentActor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { Services } from '../domain/services.ts';

declare module 'express-session' {
  interface SessionData {
    agent?: SignedInAgent;
    csrfToken?: string;
    /** When the session was last prolonged, in ms. */
    renewedAt?: number;
  }
}

interface SignedInAgent {
  userId: number;
  userName: string;
  /** The agent's `sessions_valid_from` at sign-in, in ms: a later one ends the session. */
  validFrom: number;
}

type AgentServices = { agents: Pick<Services['agents'], 'byUserId' | 'credentials'> };

const SESSION_COOKIE = 'openkefu_session';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A session that is not used for so long ends. */
const LIFETIME_MS = 14 * DAY_MS;

/** Express-session over the given store. A visitor never gets a cookie: only signing in makes a session. */
export function sessionMiddleware(options: { store: session.Store; secret: string; isHttps: boolean }): RequestHandler {
  const { store, secret, isHttps } = options;
  return session({
    name: SESSION_COOKIE,
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    // Behind a proxy that ends TLS, its X-Forwarded-Proto says that the cookie may be set.
    proxy: isHttps,
    cookie: { httpOnly: true, sameSite: 'lax', secure: isHttps, path: '/', maxAge: LIFETIME_MS },
  });
}

/** Begins a new session, so that an id known before the sign-in is worth nothing. Answers its CSRF token. */
export async function signIn(services: AgentServices, req: Request, agent: AgentActor): Promise<string> {
  const userName = (await services.agents.byUserId(agent.userId))?.userName;
  const credentials = userName === undefined ? null : await services.agents.credentials(userName);
  if (userName === undefined || !credentials) throw new DomainError('unauthorized', 'This agent is gone.');
  await settled((done) => req.session.regenerate(done));
  const csrfToken = randomBytes(32).toString('base64url');
  req.session.agent = { userId: agent.userId, userName, validFrom: credentials.sessionsValidFrom.getTime() };
  req.session.csrfToken = csrfToken;
  req.session.renewedAt = Date.now();
  await settled((done) => req.session.save(done));
  return csrfToken;
}

export async function signOut(req: Request): Promise<void> {
  await settled((done) => req.session.destroy(done));
  req.res?.clearCookie(SESSION_COOKIE, { path: '/' });
}

const known = new WeakMap<Request, Promise<AgentActor | null>>();

/** Who is signed in, with the level as it is now; null when nobody, or when the session was ended. Asked once a request. */
export function agentOf(services: AgentServices, req: Request): Promise<AgentActor | null> {
  const before = known.get(req);
  if (before) return before;
  const asked = currentAgent(services, req);
  known.set(req, asked);
  return asked;
}

async function currentAgent(services: AgentServices, req: Request): Promise<AgentActor | null> {
  const signedIn = req.session.agent;
  if (!signedIn) return null;
  const credentials = await services.agents.credentials(signedIn.userName);
  if (credentials?.userId !== signedIn.userId) return null;
  if (credentials.sessionsValidFrom.getTime() > signedIn.validFrom) return null;
  if (Date.now() - (req.session.renewedAt ?? 0) > DAY_MS) req.session.renewedAt = Date.now();
  return { kind: 'agent', businessId: credentials.businessId, userId: credentials.userId, level: credentials.level };
}

function settled(start: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (error) reject(error instanceof Error ? error : new Error('the session store failed'));
      else resolve();
    });
  });
}
