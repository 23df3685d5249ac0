import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePort } from '../../scripts/environment/free-port.ts';
import { openDatabaseOfItsOwn } from '../../test-support/killable-database.ts';
import { applyBootstrapFile } from '../../web-app/src/bootstrap.ts';
import { BENCH_APP } from '../bench-app.ts';
import { startOurs, type BenchServer, type Programs } from './bench-server.ts';
import { startChild, type Child } from './child-process.ts';

/** The whole product with a business and an agent, and the live chat's limit on the same PostgreSQL. */
export interface LiveChat {
  readonly webUrl: string;
  readonly web: Child;
  readonly pusher: BenchServer;
  readonly insert: Child;
  stop(): Promise<void>;
}

export const BUSINESS = 'bench';
export const AGENT = { user_name: 'bench-agent', password: 'bench-agent-password-1' };

const PLACES = 1_000;

export async function startLiveChat(programs: Programs): Promise<LiveChat> {
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-bench-chat-'));
  const closing: (() => Promise<void>)[] = [() => Promise.resolve(rmSync(folder, { recursive: true, force: true }))];
  const stop = async () => {
    for (const close of closing.reverse()) await close();
  };
  try {
    const database = await openDatabaseOfItsOwn();
    closing.push(() => database.drop());
    const agents = [{ ...AGENT, nick_name: 'Agent', max_conversations: PLACES }];
    const bootstrap = join(folder, 'bootstrap.json');
    writeFileSync(
      bootstrap,
      JSON.stringify({ businesses: [{ business_id: BUSINESS, legacy_visitors: true, agents }] }),
    );
    await applyBootstrapFile(database.url, bootstrap);

    const webPort = String(await choosePort());
    const webUrl = `http://127.0.0.1:${webPort}`;
    const pusher = await startOurs(programs, {
      core: null,
      app: { webhooks: [{ url: `${webUrl}/admin/event`, dialect: 'wolive' }] },
    });
    closing.push(() => pusher.stop());
    const web = await startChild(programs.webApp, {
      env: {
        DATABASE_URL: database.url,
        DATA_DIR: folder,
        PUSHER_PORT: String(pusher.target.port),
        PUSHER_APP_ID: BENCH_APP.id,
        PUSHER_APP_KEY: BENCH_APP.key,
        PUSHER_APP_SECRET: BENCH_APP.secret,
        WEB_PORT: webPort,
        RATE_LIMITS: 'off',
      },
    });
    closing.push(() => web.stop());
    const insert = await startChild(programs.insert, { env: { DATABASE_URL: database.url } });
    closing.push(() => insert.stop());
    return { webUrl, web, pusher, insert, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
