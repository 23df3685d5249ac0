import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../logger.ts';

const REQUEST_ID = /^[A-Za-z0-9_.-]{8,64}$/;

/** Asked every few seconds by whoever watches the server. */
const NOT_LOGGED = new Set(['/health', '/ready']);

/** One line a request: what was asked for and how it ended. No bodies, no headers, no query (tokens travel there). */
export function requestLog(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const given = req.headers['x-request-id'];
    const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    Object.assign(req, { id });
    res.setHeader('X-Request-Id', id);
    const { method, url } = req;
    if (!NOT_LOGGED.has(url)) {
      const startedAt = Date.now();
      res.once('close', () => {
        const hasFailed = res.statusCode >= 500;
        const level = hasFailed ? 'warn' : 'debug';
        if (!logger.isLevelEnabled(level)) return;
        logger[level](
          {
            req: { id, method, path: loggedPath(url) },
            res: { status: res.statusCode },
            responseTime: Date.now() - startedAt,
          },
          hasFailed ? 'failed' : 'answered',
        );
      });
    }
    next();
  };
}

/** A file's key is all that it takes to read it. */
function loggedPath(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.replace(/^\/files\/.*$/, '/files/…');
}

/** The id under which a request stands in the log; its answer carries it as `X-Request-Id`. */
export function requestIdOf(req: IncomingMessage | ServerResponse): string {
  return 'id' in req && typeof req.id === 'string' ? req.id : '';
}
