const parentPid = process.ppid;

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDotEnv, setUp } from './setup.mjs';
import { PlainError, printHelp, runCommand } from './setup/terminal.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What `node scripts/run.mjs NAME` can run: its help, what must be built, and the work itself, which ends the process. */
const commands = {
  'pusher-server': {
    help: `npm run pusher-server [-- --check-config]
Runs the realtime server alone. Its app is PUSHER_APP_ID, PUSHER_APP_KEY and PUSHER_APP_SECRET, or PUSHER_APPS_FILE,
or else one that is generated once and kept in DATA_DIR (with DATABASE_URL: in the database).
With --check-config it starts nothing: it prints what the server would run with, secrets hidden, or one line for each
fault, and then exits with 1.`,
    groups: ['servers'],
    run: async (words) => {
      const { checkPusherServer, runServer } = await import('../dist/scripts/run-server.js');
      if (words.length === 1 && words[0] === '--check-config') return checkPusherServer(root);
      if (words.length > 0) throw new PlainError(`Unknown argument: ${words.join(' ')} (there is only --check-config)`);
      return runServer('pusher-server', { root, parentPid });
    },
  },
  'web-app': {
    help: `npm run web-app
Runs the web application alone, on DATABASE_URL or else on the embedded database. The realtime server is looked for at
PUSHER_HOST and PUSHER_PORT, with the app that npm run pusher-server uses.`,
    groups: ['servers', 'pages'],
    run: async () => {
      const { runServer } = await import('../dist/scripts/run-server.js');
      return runServer('web-app', { root, parentPid });
    },
  },
  bootstrap: {
    help: `npm run bootstrap -- FILE.json
Applies a bootstrap file (businesses, agents, teams, …) to the database. Running it twice changes nothing. A running
npm start notices within 5 seconds.`,
    groups: ['servers'],
    run: async ([file, ...more]) => {
      if (file === undefined || more.length > 0) {
        throw new PlainError('Name one bootstrap file: npm run bootstrap -- FILE.json');
      }
      const { bootstrap } = await import('../dist/scripts/bootstrap.js');
      // npm runs us in the project; the person named the file from where they are.
      return bootstrap(root, resolve(process.env.INIT_CWD ?? process.cwd(), file));
    },
  },
  smoke: {
    help: `npm run smoke -- [--url URL] [--user NAME] [--password PASSWORD]
  [--business SLUG] [--loop | --count N]
Walks through a conversation in headless Chromium against a running npm start: a visitor on the demo page writes, an
agent in the console answers. Saves four screenshots in screenshots/. With --loop messages go both ways until stopped
(with --count N: N each way), and each must arrive once, over restarts of any process.`,
    groups: ['servers'],
    run: async (words) => {
      const { smoke } = await import('../dist/scripts/smoke.js');
      return smoke(root, words);
    },
  },
  bench: {
    help: `npm run bench -- [SCENARIO …] [--rounds N] [--quick] [--profile] [--markdown FILE] [--server FILE]
Measures the realtime server beside a bare uWebSockets.js server that does only the unavoidable work, in turn, and
prints the ratios. Without names it runs every scenario; an unknown name prints them all.
  --rounds N        rounds of each scenario, from 3
  --quick           smaller loads and 3 rounds: a look in about two minutes
  --markdown FILE   writes the table there too
  --profile         no table: samples both servers under the main loads with perf, and tells where the time goes
  --server FILE     measures another build in place of pusher-server/dist/main.js`,
    groups: ['servers', 'bench'],
    run: async (words) => {
      const { bench } = await import('../dist/bench/main.js');
      return bench(root, words);
    },
  },
};

const [name = '', ...words] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  console.error(`node scripts/run.mjs ${Object.keys(commands).join(' | ')}`);
  process.exit(1);
}
printHelp(command.help);
await runCommand(async () => {
  loadDotEnv();
  await setUp({ groups: command.groups });
  process.exit(await command.run(words));
});
