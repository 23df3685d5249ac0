import * as z from 'zod';
import { localUrl, type AppCredentials, type Environment } from '../environment/configuration.ts';

/** What joins the two servers: ports that are numbers by now, and the default app. */
export interface Joint {
  readonly env: Environment;
  readonly dataDir: string;
  readonly app: AppCredentials;
  readonly webPort: number;
  readonly pusherPort: number;
}

const arraySchema = z.array(z.unknown());

/** The variables that both servers get on top of what is set already. */
function shared({ env, dataDir, app, webPort, pusherPort }: Joint, databaseUrl: string): NodeJS.ProcessEnv {
  return {
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    WEB_PORT: String(webPort),
    PUSHER_PORT: String(pusherPort),
    // A server that listens on one address only is not found on the default one.
    PUSHER_HOST: env.PUSHER_HOST ?? new URL(localUrl(env.PUSHER_BIND_HOST, pusherPort)).hostname,
    PUSHER_APP_ID: app.id,
    PUSHER_APP_KEY: app.key,
    PUSHER_APP_SECRET: app.secret,
  };
}

export function webAppEnvironment(joint: Joint, databaseUrl: string): NodeJS.ProcessEnv {
  return { ...process.env, ...shared(joint, databaseUrl) };
}

/** With the default app's webhooks going to web-app, beside any that the person has set. */
export function pusherServerEnvironment(joint: Joint, databaseUrl: string): NodeJS.ProcessEnv {
  const ours = { url: `${localUrl(joint.env.WEB_BIND_HOST, joint.webPort)}/admin/event`, dialect: 'wolive' };
  const set = process.env['PUSHER_APP_WEBHOOKS'];
  return { ...process.env, ...shared(joint, databaseUrl), PUSHER_APP_WEBHOOKS: withWebhook(set, ours) };
}

function withWebhook(set: string | undefined, ours: object): string {
  if (set === undefined || set === '') return JSON.stringify([ours]);
  try {
    return JSON.stringify([...arraySchema.parse(JSON.parse(set)), ours]);
  } catch {
    // pusher-server says in its own words what is wrong with it.
    return set;
  }
}
