import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Actor, AgentActor, VisitorActor } from '../domain/actor.ts';
import type { Business } from '../domain/model.ts';
import type { ArrivedFile, Services } from '../domain/services.ts';
import type { EnvironmentChecks } from '../install/environment-checks.ts';
import type { Installation } from '../install/installation.ts';
import type { RealtimeInspector } from './console-api/realtime-inspector.ts';
import type { Uploads } from './front-door-uploads.ts';
import type { RateLimiter } from './rate-limits.ts';

/**
 * A dialect: decodes its own words, calls the domain, encodes the answer. The app mounts its router and nothing else
 * of it. Bodies are parsed inside the door (`bodyParsers`), so that a malformed one is answered in the door's own terms:
 * the app puts no body parser before a door.
 */
export type FrontDoor = (deps: FrontDoorDeps) => Router;

/** All that a door may ask of the rest of the program. */
export interface FrontDoorDeps {
  services: Services;
  config: FrontDoorConfig;
  auth: FrontDoorAuth;
  /** One for all doors, so that a visitor has one allowance whichever door they use. */
  rateLimiter: RateLimiter;
  uploads: Uploads;
  /** The names of a business's channels, with the prefix in force. */
  channelNames(business: Business): ChannelNames;
  /** For the debug console. */
  realtime: RealtimeInspector;
  installation: Installation;
  /** For the installation; rejects while the database is away. */
  checkEnvironment(): Promise<EnvironmentChecks>;
  receiveWebhook(rawBody: Buffer, headers: Request['headers']): Promise<'ok' | 'bad_signature' | 'malformed'>;
  logger: { error(fields: object, message: string): void };
}

export interface FrontDoorConfig {
  /** Our own address as browsers see it, for instance `https://chat.example`. */
  webUrl: string;
  /** Where browsers find the realtime server. */
  pusher: { key: string; host: string; port: number; scheme: 'http' | 'https' };
  /** For the two sides of a call, as their browsers take them. */
  iceServers: readonly { urls: string | string[]; username?: string | undefined; credential?: string | undefined }[];
  /** Signs what WeChat calls; null: it cannot call. */
  weixinToken: string | null;
}

/** What `auth` does for a door. Refusals are `DomainError`s. */
export interface FrontDoorAuth {
  /** @throws DomainError `unauthorized` (one and the same for any cause), `rate_limited` when locked */
  signInWithPassword(userName: string, password: string, address: string): Promise<AgentActor>;
  /** What is stored of a password. */
  hashPassword(plain: string): Promise<string>;
  /** Renews the session and answers its CSRF token. */
  signIn(req: Request, agent: AgentActor): Promise<string>;
  signOut(req: Request): Promise<void>;
  agentOf(req: Request): Promise<AgentActor | null>;
  csrfTokenOf(req: Request): string;
  /** @throws DomainError `forbidden` when `X-CSRF-Token` is not the session's, or the Origin is foreign */
  requireCsrf(req: Request): void;
  /** @throws DomainError `forbidden` when an Origin is named that is not ours */
  requireOwnOrigin(req: Request): void;
  /** The visitor token that the request carries (`Authorization: Bearer` or parameter `visitor_token`), or null. */
  visitorTokenOf(req: Request): string | null;
  /** Whose token that is, or null. */
  visitorOf(req: Request): Promise<VisitorActor | null>;
  verifyIdentityHash(secret: string, uid: string, hash: string): boolean;
  /** @throws DomainError `forbidden` for a channel that is not theirs */
  authorizeChannel(who: Actor, socketId: string, channelName: string): Promise<ChannelGrant>;
  /** Signs a connection in as this user (`pusher:signin`). */
  authenticateUser(who: Actor, socketId: string): Promise<{ auth: string; user_data: string }>;
}

interface ChannelGrant {
  auth: string;
  channel_data?: string;
  shared_secret?: string;
}

interface ChannelNames {
  kefu(agentId: number): string;
  ud(agentId: number): string;
  all(): string;
  cu(visitorChannel: string): string;
  se(agentId: number): string;
  talk(conversationId: number): string;
}

/** A request freed from Express: what an endpoint decodes. */
export interface Call {
  params: Readonly<Record<string, unknown>>;
  query: unknown;
  body: unknown;
  /** The caller's IP address (behind a trusted proxy: the client's). */
  address: string;
  userAgent: string;
  /** The `Origin` header, or null. */
  origin: string | null;
  /** The `Host` header. */
  host: string;
  session: CallSession;
  /** The file of a form, for the calls that take one. */
  upload: ArrivedFile | null;
}

/** The caller's session, for the calls that begin and end one. */
interface CallSession {
  signIn(agent: AgentActor): Promise<string>;
  signOut(): Promise<void>;
  csrfToken(): string;
}

export function callOf(req: Request, auth: FrontDoorAuth, upload: ArrivedFile | null = null): Call {
  return {
    params: req.params,
    query: req.query,
    body: req.body,
    address: req.ip ?? '',
    userAgent: req.get('user-agent') ?? '',
    origin: req.get('origin') ?? null,
    host: req.get('host') ?? '',
    upload,
    session: {
      signIn: (agent) => auth.signIn(req, agent),
      signOut: () => auth.signOut(req),
      csrfToken: () => auth.csrfTokenOf(req),
    },
  };
}

/** No call of ours carries more; files have a door of their own. */
const MAX_BODY_BYTES = 256 * 1024;

/** JSON and forms. Forms are flat: `a[b]=c` is a field named so, never a structure. */
export function bodyParsers(): RequestHandler[] {
  return [express.json({ limit: MAX_BODY_BYTES }), express.urlencoded({ limit: MAX_BODY_BYTES, extended: false })];
}

/** The 4xx status with which Express or a body parser refused a request before any handler; null for other errors. */
export function refusedStatus(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  return error.status >= 400 && error.status < 500 ? error.status : null;
}

export type { Request, Response };
