import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readOrCreateAppCredentials } from '../../web-app/src/db/app-credentials.ts';
import { prepareDatabase } from '../../web-app/src/db/prepare.ts';
import { namedApp, type AppCredentials, type Environment } from './configuration.ts';
import { makeDataFolder, writePrivateFile } from './data-folder.ts';
import { PlainError } from '../setup/terminal.mjs';

const credentialsSchema = z.object({ id: z.string().min(1), key: z.string().min(1), secret: z.string().min(1) });
const secretsSchema = z.looseObject({ app: credentialsSchema });

/**
 * The default app: named by the environment, else the first of PUSHER_APPS_FILE, else generated once and kept, with
 * DATABASE_URL in the database (the same for every machine), else in `DATA_DIR/secrets.json`.
 */
export async function defaultApp(env: Environment, dataDir: string): Promise<AppCredentials> {
  const named = namedApp(env);
  if (named !== null) return named;
  if (env.PUSHER_APPS_FILE !== undefined) return firstOfFile(env.PUSHER_APPS_FILE);
  if (env.DATABASE_URL !== undefined) return keptInDatabase(env.DATABASE_URL);
  return keptInFolder(dataDir);
}

function firstOfFile(file: string): AppCredentials {
  try {
    const [first] = z
      .array(credentialsSchema)
      .min(1)
      .parse(JSON.parse(readFileSync(file, 'utf8')));
    if (first !== undefined) return first;
  } catch (error) {
    throw new PlainError(`PUSHER_APPS_FILE: ${file} must hold a JSON array of apps, each with id, key and secret.`, {
      cause: error,
    });
  }
  throw new Error('an array that has at least one element had none');
}

async function keptInDatabase(url: string): Promise<AppCredentials> {
  await prepareDatabase(url);
  return readOrCreateAppCredentials(url);
}

/** `DATA_DIR/secrets.json` (mode 0600), made on first use. */
function keptInFolder(dataDir: string): AppCredentials {
  const file = join(dataDir, 'secrets.json');
  let kept: string;
  try {
    kept = readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const app = generate();
    makeDataFolder(dataDir);
    writePrivateFile(file, `${JSON.stringify({ app }, null, 2)}\n`);
    return app;
  }
  try {
    return secretsSchema.parse(JSON.parse(kept)).app;
  } catch (error) {
    throw new PlainError(`${file} is damaged: it must hold app.id, app.key and app.secret.`, { cause: error });
  }
}

function generate(): AppCredentials {
  return {
    id: String(randomBytes(4).readUInt32BE()),
    key: randomBytes(10).toString('hex'),
    secret: randomBytes(20).toString('hex'),
  };
}
