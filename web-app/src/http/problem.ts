import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { isDatabaseUnavailable } from '../db/database-health.ts';
import { requestIdOf } from './request-log.ts';

/** How long a client should wait while the database is away. */
const RETRY_AFTER_SECONDS = 1;

/** Nothing answered. */
export const notFound: RequestHandler = (req, res) => {
  writeProblem(req, res, 404, 'not_found', 'There is nothing at this address.');
};

/**
 * The last word on errors that no door answered: 503 while the database is away, the status of what Express itself
 * refused, else a 500 that says nothing and is logged under the request's id.
 */
export function answerError(logger: { error(fields: object, message: string): void }): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    if (isDatabaseUnavailable(error)) {
      res.set('Retry-After', String(RETRY_AFTER_SECONDS));
      return writeProblem(req, res, 503, 'unavailable', 'The database cannot be reached. Try again in a moment.');
    }
    const status = refusedByExpress(error);
    if (status !== null) return writeProblem(req, res, status, 'malformed', 'The request could not be read.');
    logger.error({ err: error, reqId: requestIdOf(req) }, 'a request failed');
    writeProblem(req, res, 500, 'internal', `Something went wrong on our side. Request ${requestIdOf(req)}.`);
  };
}

/** RFC 9457 under /api, WoLive's shape for its calls, a plain line for everything else. */
function writeProblem(req: Request, res: Response, status: number, code: string, detail: string): void {
  res.status(status).set('Cache-Control', 'no-store');
  if (/^\/api(\/|$)/.test(req.path)) {
    const title = STATUS_CODES[status] ?? 'Error';
    const problem = { type: `urn:openkefu:problem:${code}`, title, status, code, detail };
    res.type('application/problem+json').send(JSON.stringify(problem));
  } else if (/^(\/index\.php)?\/admin\//.test(req.path)) {
    res.json({ code: 1, msg: detail });
  } else {
    res.type('text/plain').send(`${detail}\n`);
  }
}

function refusedByExpress(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  return error.status >= 400 && error.status < 500 ? error.status : null;
}
