import { ConfigError as PusherConfigError, readConfig as readPusherConfig } from '../../pusher-server/src/config.ts';
import { ConfigError as WebConfigError, readConfig as readWebConfig } from '../../web-app/src/config.ts';
import { PlainError } from '../setup/terminal.mjs';
import { parseEnvironment, type Environment } from './configuration.ts';

const readers = { 'pusher-server': readPusherConfig, 'web-app': readWebConfig } as const;

/** What the scripts make themselves before a server is started. */
const madeLater = {
  DATABASE_URL: 'postgres://127.0.0.1/made-later',
  PUSHER_APP_ID: 'made-later',
  PUSHER_APP_KEY: 'made-later',
  PUSHER_APP_SECRET: 'made-later',
};

/**
 * Parses the environment for the scripts and for the servers that they are about to start, so that everything that is
 * wrong is said at once and before anything is made.
 * @throws PlainError with one line for each bad variable
 */
export function parseServersEnvironment(
  variables: NodeJS.ProcessEnv,
  servers: readonly (keyof typeof readers)[],
): Environment {
  const lines = new Map<string, string>();
  const note = (all: readonly string[]) => {
    for (const line of all) {
      const name = /^\w+/.exec(line)?.[0] ?? line;
      if (!lines.has(name)) lines.set(name, line);
    }
  };
  const env = noting(() => parseEnvironment(variables), note);
  const given = Object.entries(variables).filter(([, value]) => value !== undefined && value !== '');
  // A port of 0 is chosen by us, and the other server is told the number.
  const chosen = variables['PUSHER_PORT'] === '0' ? { PUSHER_PORT: '6001' } : {};
  const completed = { ...madeLater, ...Object.fromEntries(given), ...chosen };
  for (const server of servers) noting(() => readers[server](completed), note);
  if (env === null || lines.size > 0) throw new PlainError([...lines.values()].join('\n'));
  return env;
}

function noting<T>(read: () => T, note: (lines: readonly string[]) => void): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof PusherConfigError || error instanceof WebConfigError) note(error.lines);
    else if (error instanceof PlainError) note(error.message.split('\n'));
    else throw error;
    return null;
  }
}
