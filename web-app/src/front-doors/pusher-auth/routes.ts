import { Router, type ErrorRequestHandler } from 'express';
import { STATUS_CODES } from 'node:http';
import type { Actor } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import { ForeignSite, requireAllowedSite } from '../cross-origin.ts';
import { decode } from '../decode.ts';
import { bodyParsers, callOf, refusedStatus, type FrontDoor, type FrontDoorDeps, type Request } from '../front-door.ts';
import { shareWithSites } from '../front-door-cors.ts';
import { whoCalls } from '../who.ts';
import { channelRequest, userRequest } from './wire.ts';

/** Where pusher-js asks by default, and where WoLive's clients ask. */
const CHANNEL_PATHS = ['/pusher/auth', '/admin/login/auth', '/index.php/admin/login/auth'];
const USER_PATH = '/pusher/user-auth';

/** `POST /pusher/auth`, `/pusher/user-auth`, `/admin/login/auth`: signs for one's own channels, else 403. */
export const pusherAuth: FrontDoor = (deps) => {
  const router = Router();
  const paths = [...CHANNEL_PATHS, USER_PATH];
  router.all(paths, shareWithSites('POST'));
  router.post(paths, ...bodyParsers());
  router.post(CHANNEL_PATHS, async (req, res) => {
    const { socket_id, channel_name } = decode(channelRequest, req.body);
    res.json(await deps.auth.authorizeChannel(await listener(deps, req), socket_id, channel_name));
  });
  router.post(USER_PATH, async (req, res) => {
    const { socket_id } = decode(userRequest, req.body);
    res.json(await deps.auth.authenticateUser(await listener(deps, req), socket_id));
  });
  router.use(paths, writeRefusal);
  return router;
};

async function listener(deps: FrontDoorDeps, req: Request): Promise<Actor> {
  const who = await whoCalls(deps.auth, req);
  const business = who.kind === 'visitor' ? await deps.services.businesses.byId(who.businessId) : null;
  if (business !== null) requireAllowedSite(callOf(req, deps.auth), deps.config, business);
  return who;
}

/** pusher-js takes any status but 200 as a refusal, and shows its text. Who may not listen gets 403, for whatever reason. */
const writeRefusal: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  const refusal = refusalOf(error);
  if (refusal === null || res.headersSent) return next(error);
  if (error instanceof ForeignSite) res.removeHeader('Access-Control-Allow-Origin');
  res.status(refusal.status).json({ error: refusal.message });
};

function refusalOf(error: unknown): { status: number; message: string } | null {
  if (error instanceof DomainError) return { status: 403, message: error.message };
  const status = refusedStatus(error);
  return status === null ? null : { status, message: STATUS_CODES[status] ?? 'Bad request' };
}
