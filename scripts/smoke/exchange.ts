import { setTimeout as delay } from 'node:timers/promises';
import { openConversation } from './open-conversation.ts';
import { say, shownTexts, type ChatSide } from './chat-side.ts';

/** What an exchange came to. */
export interface ExchangeReport {
  readonly rounds: number;
  /** Of all messages, milliseconds from Enter on one side to the other side's screen. */
  readonly medianMs: number;
  readonly slowestMs: number;
}

const settleMs = 10_000;
const lookMs = 50;

/**
 * Both sides write at the same time, again and again, and after every round both must show the same messages in the
 * same order, each once. Processes may be killed meanwhile.
 * @param rounds how many; Infinity until `stopped` says so
 * @throws an error that begins with LOST, DOUBLED or DISORDER
 */
export async function exchange(
  visitor: ChatSide,
  agent: ChatSide,
  rounds: number,
  stopped: () => boolean,
): Promise<ExchangeReport> {
  const run = Date.now().toString(36);
  const times: number[] = [];
  let round = 0;
  while (round < rounds && !stopped()) {
    round += 1;
    const number = String(round).padStart(6, '0');
    const [there, back] = await Promise.all([
      say(visitor, agent, `${run} visitor ${number}`),
      say(agent, visitor, `${run} agent ${number}`),
    ]);
    times.push(there, back);
    await compare(visitor, agent, run, number);
    if (round % 20 === 0) console.log(`${round} rounds, median ${median(times).toFixed(0)} ms`);
  }
  await reloadAndCompare(visitor, agent, run, round);
  return { rounds: round, medianMs: median(times), slowestMs: Math.max(0, ...times) };
}

/** What is wrong between the two screens, or null. They may not reach back equally far. */
function difference(left: readonly string[], right: readonly string[], number: string): string | null {
  const doubled = [left, right].flatMap((texts) => texts.filter((text, index) => texts.indexOf(text) !== index));
  if (doubled.length > 0) return `DOUBLED: ${[...new Set(doubled)].join(', ')}`;
  const length = Math.min(left.length, right.length);
  const [a, b] = [left.slice(left.length - length), right.slice(right.length - length)];
  const place = a.findIndex((text, index) => text !== b[index]);
  if (place >= 0) return `DISORDER: one side shows '${a[place]}' where the other shows '${b[place]}'`;
  const missing = ['visitor', 'agent'].filter((name) => !a.some((text) => text.endsWith(`${name} ${number}`)));
  return missing.length > 0 ? `LOST: the message of ${missing.join(' and ')} in round ${number}` : null;
}

/** Looks until both screens agree; a screen may be in the middle of putting an acknowledged message in its place. */
async function compare(visitor: ChatSide, agent: ChatSide, run: string, number: string): Promise<void> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const [left, right] = await Promise.all([shownTexts(visitor, run), shownTexts(agent, run)]);
    const wrong = difference(left, right, number);
    if (wrong === null) return;
    if (performance.now() > deadline) throw new Error(wrong);
    await delay(lookMs);
  }
}

/** The same question put to what the servers have kept. */
async function reloadAndCompare(visitor: ChatSide, agent: ChatSide, run: string, round: number): Promise<void> {
  if (round === 0) return;
  await Promise.all([visitor.page.reload(), agent.page.reload()]);
  const composer = visitor.place.locator('[data-testid=composer]');
  const launcher = visitor.page.locator('[data-testid=openkefu-launcher]');
  await launcher.waitFor();
  // A chat that was open is open again on the next page.
  if ((await visitor.page.locator('openkefu-launcher').getAttribute('data-phase')) === 'closed') await launcher.click();
  await composer.waitFor();
  await openConversation(agent.page, run);
  await compare(visitor, agent, run, String(round).padStart(6, '0'));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
