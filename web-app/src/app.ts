import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createAuth } from './auth/create-auth.ts';
import { openSessionStore } from './auth/session-store.ts';
import { sessionMiddleware } from './auth/session.ts';
import { sweepCalls } from './call-sweeper.ts';
import type { Config } from './config.ts';
import { pingDatabase, requireSupportedDatabase } from './db/database-health.ts';
import { openDatabase } from './db/knex.ts';
import { migrate } from './db/migrate.ts';
import { createOutboxStore } from './db/outbox-store.ts';
import { getOrCreateSetting, keepSetting } from './db/settings-store.ts';
import { createServices } from './domain/create-services.ts';
import type { Services } from './domain/services.ts';
import { firstRun, type FirstRun } from './first-run.ts';
import { consoleApi } from './front-doors/console-api/routes.ts';
import type { FrontDoorDeps } from './front-doors/front-door.ts';
import { incomingFolder, Uploads } from './front-doors/front-door-uploads.ts';
import { pusherAuth } from './front-doors/pusher-auth/routes.ts';
import { RateLimiter, rateLimitsInForce } from './front-doors/rate-limits.ts';
import { wolive } from './front-doors/wolive/routes.ts';
import { keepHouse } from './housekeeping.ts';
import { createHttpApp } from './http/create-http-app.ts';
import { listen } from './http/listen.ts';
import type { StaticFolders } from './http/static-files.ts';
import { checkEnvironment } from './install/environment-checks.ts';
import { createInstallation } from './install/installation.ts';
import type { Logger } from './logger.ts';
import { channelNames } from './realtime/channel-names.ts';
import { createRelay, followRealtimeServer } from './realtime/create-realtime.ts';
import { createRealtimeInspector } from './realtime/inspector.ts';
import { createRealtimeServer } from './realtime/realtime-server.ts';
import { graceAfterWebhook, receiveWebhook } from './realtime/webhook.ts';
import { tellAbsentAgents } from './weixin/tell-absent-agents.ts';
import { createWeixinApi } from './weixin/weixin-api.ts';

export interface App {
  /** As browsers see it. */
  url: string;
  port: number;
  firstRun: FirstRun | null;
  /** While the installation is open: what lets somebody in. */
  installCode: string | null;
  close(): Promise<void>;
}

/** The composition root: makes everything there is, in order, and closes it in the opposite one. */
export async function startApp(config: Config, folders: StaticFolders, logger: Logger): Promise<App> {
  const closing: (() => Promise<void> | void)[] = [];
  async function close(): Promise<void> {
    for (const step of closing.reverse().splice(0)) await step();
  }
  try {
    return await start();
  } catch (error) {
    await close();
    throw error;
  }

  async function start(): Promise<App> {
    const db = openDatabase(config.databaseUrl, { warn: (message) => logger.warn({ part: 'database' }, message) });
    closing.push(() => db.destroy());
    await requireSupportedDatabase(db);
    await migrate(db);
    const sessionSecret = config.sessionSecret ?? (await getOrCreateSetting(db, 'session_secret', secretText));
    const encryptionMasterKeyBase64 = await getOrCreateSetting(db, 'channel_encryption_key', secretText);

    const server = createRealtimeServer({ ...config.pusher, encryptionMasterKeyBase64 });
    closing.push(() => server.close());
    const relay = createRelay({
      databaseUrl: config.databaseUrl,
      store: createOutboxStore(db),
      server,
      services: () => services,
      webUrl: () => webUrl,
      logger: logger.child({ part: 'relay' }),
    });
    const services: Services = createServices(db, relay, { filesDir: config.filesDir });
    const welcome = await firstRun(db, services.businesses, config.admin);
    const installation = createInstallation(db, services.businesses);

    const sessions = openSessionStore(config.databaseUrl, logger.child({ part: 'sessions' }));
    closing.push(() => sessions.close());
    const http = await listen(config.web.bindHost, config.web.port);
    closing.push(() => http.close());
    const webUrl = config.web.url ?? http.url;
    // For the SQL views, whose rows name files by their address.
    await keepSetting(db, 'web_url', webUrl);
    relay.start();
    closing.push(() => relay.close());
    const presenceLogger = logger.child({ part: 'presence' });
    const { presence, watch } = followRealtimeServer({ config, server, services, relay, logger: presenceLogger });
    closing.push(() => presence.close());
    closing.push(() => watch.close());

    const inspector = createRealtimeInspector({ ...config.pusher, encryptionMasterKeyBase64 });
    // Before the pages' server, which waits for answers under way: streams would keep it waiting.
    closing.push(() => inspector.close());
    const rateLimits = rateLimitsInForce(config.rateLimits);
    const webhookDeps = {
      services,
      key: config.pusher.key,
      secret: config.pusher.secret,
      graceAfterWebhookMs: graceAfterWebhook(config.pusherWebhookDelayMs),
      now: Date.now,
    };
    const uploads = new Uploads(incomingFolder(config.filesDir));
    const housekeeping = keepHouse(
      { unsentFiles: () => services.files.sweep(), uploadLeftovers: () => uploads.forgetLeftovers() },
      logger.child({ part: 'housekeeping' }),
    );
    closing.push(() => housekeeping.close());
    const calls = sweepCalls(services.calls, logger.child({ part: 'calls' }));
    closing.push(() => calls.close());
    if (config.weixin !== null) {
      const { templateId } = config.weixin;
      const telling = tellAbsentAgents({
        weixin: services.weixin,
        api: createWeixinApi(config.weixin),
        templateId,
        consoleUrl: `${webUrl}/console/`,
        logger: logger.child({ part: 'weixin' }),
      });
      closing.push(() => telling.close());
    }
    const doorDeps: FrontDoorDeps = {
      services,
      config: {
        webUrl,
        pusher: { key: config.pusher.key, ...config.publicPusher },
        iceServers: config.iceServers,
        weixinToken: config.weixin?.token ?? null,
      },
      auth: createAuth({
        services,
        signer: server,
        webUrl,
        signInLimit: rateLimits['sign-in'] ?? null,
        signedIn: () => installation.close(),
      }),
      rateLimiter: new RateLimiter(rateLimits),
      uploads,
      channelNames,
      realtime: inspector,
      installation,
      checkEnvironment: () => {
        const { scheme, host, port } = config.pusher;
        return checkEnvironment({
          db,
          server,
          realtimeAddress: `${scheme}://${host}:${port}`,
          filesDir: config.filesDir,
        });
      },
      receiveWebhook: (rawBody, headers) => receiveWebhook(webhookDeps, rawBody, headers),
      logger,
    };
    const woliveRouter = wolive(doorDeps);
    http.serve(
      createHttpApp({
        webUrl,
        trustProxy: config.web.trustProxy,
        realtime: config.publicPusher,
        folders,
        businessOf: (slug) => services.businesses.bySlug(slug),
        demoBusiness: () => installation.demoBusiness(),
        checkReady: () => pingDatabase(db),
        sessions: sessionMiddleware({
          store: sessions.store,
          secret: sessionSecret,
          isHttps: webUrl.startsWith('https:'),
        }),
        files: services.files,
        doors: [
          { path: '/api/v1', router: consoleApi(doorDeps) },
          { path: '/', router: pusherAuth(doorDeps) },
          { path: '/', router: woliveRouter },
          { path: '/index.php', router: woliveRouter },
        ],
        logger,
      }),
    );
    return { url: webUrl, port: http.port, firstRun: welcome, installCode: await installation.code(), close };
  }
}

/** Where the built pages lie, seen from the root of the repository. */
export function staticFolders(root: string): StaticFolders {
  return {
    console: path.join(root, 'web-app', 'dist', 'console'),
    widget: path.join(root, 'widget', 'dist'),
    pusherJs: path.join(root, 'node_modules', 'pusher-js', 'dist', 'web'),
  };
}

/** 32 random bytes, base64. */
function secretText(): string {
  return randomBytes(32).toString('base64');
}
