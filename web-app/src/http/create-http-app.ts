import express, { type Express, type RequestHandler, type Router } from 'express';
import { randomBytes } from 'node:crypto';
import type { RealtimeAddress } from '../config.ts';
import type { Business } from '../domain/model.ts';
import type { Files } from '../domain/services.ts';
import type { Logger } from '../logger.ts';
import { demoPage } from '../pages/demo.ts';
import { defaultAvatar } from './default-avatar.ts';
import { answerError, notFound } from './problem.ts';
import { requestLog } from './request-log.ts';
import { baseHeaders, consoleHeaders, demoHeaders, panelHeaders } from './security-headers.ts';
import { staticFiles, type StaticFolders } from './static-files.ts';
import { storedFiles } from './stored-files.ts';

export interface HttpDeps {
  webUrl: string;
  trustProxy: boolean | number | string;
  /** Where browsers reach the realtime server. */
  realtime: RealtimeAddress;
  folders: StaticFolders;
  businessOf(slug: string): Promise<Pick<Business, 'allowedDomains'> | null>;
  /** Whose widget the demo page shows when it is not told. */
  demoBusiness(): Promise<string>;
  /** Rejects when this process cannot serve now. */
  checkReady(): Promise<void>;
  sessions: RequestHandler;
  files: Pick<Files, 'byKey' | 'pathOf'>;
  doors: { path: string; router: Router }[];
  logger: Logger;
}

/** WoLive's visitors have no session: each of their calls carries who speaks. */
const VISITERS_CALL = /^(\/index\.php)?\/admin\/event(\/|$)/i;

/** The Express app: pages and files, then the front doors, then what nobody answered. */
export function createHttpApp(deps: HttpDeps): Express {
  const { realtime, logger } = deps;
  const app = express();
  app.set('trust proxy', deps.trustProxy);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.use(requestLog(logger));
  app.use(baseHeaders(deps.webUrl.startsWith('https:')));

  app.get('/health', (_req, res) => res.json({ status: 'ok' }));
  app.get('/ready', async (_req, res) => {
    try {
      await deps.checkReady();
      res.json({ status: 'ready' });
    } catch (error) {
      logger.debug({ err: error }, 'not ready');
      res.status(503).json({ status: 'unavailable' });
    }
  });

  app.get('/', (_req, res) => res.redirect('/console/'));
  app.get('/demo', async (req, res, next) => {
    const nonce = randomBytes(16).toString('base64');
    const page = demoPage({
      nonce,
      businessId: textOf(req.query['business_id']) ?? '',
      defaultBusinessId: await deps.demoBusiness(),
      language: textOf(req.query['lang']) ?? (req.acceptsLanguages('zh-CN', 'zh', 'en') || 'en'),
    });
    demoHeaders(realtime, nonce)(req, res, (error) => {
      if (error) next(error);
      else res.set('Cache-Control', 'no-store').vary('Accept-Language').type('html').send(page);
    });
  });
  app.use(
    staticFiles(deps.folders, {
      console: consoleHeaders(realtime),
      panel: panelHeaders(realtime, (slug) => deps.businessOf(slug)),
    }),
  );

  app.use(defaultAvatar());
  app.use(storedFiles(deps.files));

  app.use(['/api', '/admin', '/pusher', '/index.php'], (req, res, next) => {
    if (VISITERS_CALL.test(req.baseUrl + req.path)) next();
    else deps.sessions(req, res, next);
  });
  for (const { path, router } of deps.doors) app.use(path, router);
  app.use(notFound);
  app.use(answerError(logger));
  return app;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
