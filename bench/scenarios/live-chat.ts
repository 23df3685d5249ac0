import { setTimeout as delay } from 'node:timers/promises';
import { httpCaller, cookiesOf } from '../../test-support/http-calls.ts';
import type { ApiMe } from '../../web-app/src/front-doors/console-api/wire.ts';
import type { Figure } from '../figures/figure.ts';
import type { LoadResult, LoadSpec, Target } from '../load/messages.ts';
import { INSERT_PATH } from '../limit/wire.ts';
import { AGENT, BUSINESS, startLiveChat, type LiveChat } from '../servers/live-chat.ts';
import { alternate } from './alternate.ts';
import { cpuEach, isBusy, lossesOf } from './cpu-figure.ts';
import type { Bench, Scenario } from './scenario.ts';

const CHATS_PATH = '/admin/event/chats';
const VISITORS = 16;
const MESSAGES = 2_000;
const QUICK_MESSAGES = 500;
const WARM_UPS = 2;
const ROUNDS = 5;
const ONLINE_WITHIN_MS = 20_000;
/** A third of the rate. */
const MOST_TIME = 3;

/** Messages of visitors through `POST event/chats` to the agent's socket, beside one INSERT through a bare Express. */
export const liveChat: Scenario = {
  name: 'live-chat',
  summary: "visitors' messages through event/chats to the agent's socket, beside a bare Express and one INSERT",
  run: async (bench) => {
    bench.say('live chat: starting');
    const chat = await startLiveChat(bench.programs);
    try {
      return await measureChat(bench, chat);
    } finally {
      await chat.stop();
    }
  },
};

async function measureChat(bench: Bench, chat: LiveChat): Promise<readonly Figure[]> {
  const agent = await signIn(chat);
  const writers = Array.from({ length: VISITORS }, (_, index) => ({
    business_id: BUSINESS,
    visiter_id: `bench-visitor-${String(index)}`,
    service_id: '0',
  }));
  const messages = bench.quick ? QUICK_MESSAGES : MESSAGES;
  const both = { kind: 'chat', messages, writers } as const;
  const chatSpec: LoadSpec = { ...both, httpPort: portOf(chat.webUrl), path: CHATS_PATH, hearOn: agent.own };
  const insertSpec: LoadSpec = {
    ...both,
    httpPort: Number(chat.insert.ready['port']),
    path: INSERT_PATH,
    hearOn: null,
  };
  const chatTarget: Target = { ...chat.pusher.target, pids: [chat.web.pid, chat.pusher.child.pid] };
  const ours = await bench.load.prepare(chatTarget, chatSpec);
  const bare = await bench.load.prepare({ ...chatTarget, pids: [chat.insert.pid] }, insertSpec);
  await agent.isOnline();
  for (const writer of writers) await arrive(chat, writer);

  bench.say(`live chat: ${messages.toLocaleString('en')} messages of ${String(VISITORS)} visitors`);
  const loads = [bare, ours];
  await alternate(loads, WARM_UPS, (load) => load.run());
  const [inserts = [], chats = []] = await alternate(loads, bench.rounds ?? ROUNDS, (load) => load.run());
  const figure = (unit: string, target: number | null, read: (result: LoadResult) => number): Figure => ({
    label: `live chat: a message, ${String(VISITORS)} visitors at once`,
    unit,
    ours: chats.map(read),
    base: inserts.map(read),
    baseName: 'Express + one INSERT',
    target,
    losses: lossesOf([...chats, ...inserts]),
    generatorBusy: isBusy([...chats, ...inserts]),
  });
  return [
    figure('ms (1,000 by it: messages a second)', MOST_TIME, ({ seconds, work }) => (seconds * 1_000) / work),
    figure('µs CPU of our processes', null, cpuEach),
  ];
}

/** The agent's channel, and a way to wait until the chat knows that somebody holds it. */
async function signIn({ webUrl }: LiveChat): Promise<{ own: string; isOnline: () => Promise<void> }> {
  const { user_name: userName, password } = AGENT;
  const answer = await httpCaller(webUrl).json<ApiMe>('POST', '/api/v1/session', { userName, password });
  if (answer.status !== 200) throw new Error(`the agent cannot sign in: ${JSON.stringify(answer.body)}`);
  const calls = httpCaller(webUrl, { Cookie: cookiesOf(answer) });
  const isOnline = async () => {
    const deadline = performance.now() + ONLINE_WITHIN_MS;
    while (!(await calls.get<ApiMe>('/api/v1/me')).body.online) {
      if (performance.now() > deadline) throw new Error('the agent does not come on line');
      await delay(50);
    }
  };
  return { own: answer.body.channels.own, isOnline };
}

/** A visitor comes and is given to the agent. */
async function arrive({ webUrl }: LiveChat, fields: Readonly<Record<string, string>>): Promise<void> {
  const { body } = await httpCaller(webUrl).form<{ code: number }>('/admin/event/notice', fields);
  if (body.code !== 0) throw new Error(`a visitor was not assigned: ${JSON.stringify(body)}`);
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
