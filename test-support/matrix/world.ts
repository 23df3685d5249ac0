import pg from 'pg';
import { httpCaller, type HttpCaller } from '../http-calls.ts';
import { onLine, signIn, type SignedInAgent } from '../signed-in-agent.ts';
import { startStack, type Stack } from '../stack.ts';
import type { WoliveList, WoliveReply } from '../wolive-calls.ts';
import type { Marks, MatrixWorld, NewSubject, Subject } from './matrix.ts';

export const PASSWORD = 'correct-horse-1';

export const FOREIGN_BUSINESS = 'other';
export const UNKNOWN: Subject = {
  business: 'nowhere',
  visiterId: 'never-seen',
  conversationId: 987_654,
  agentId: 987_654,
  agentName: 'nobody',
  teamNumber: 987_654,
  faqId: 987_654,
  tabId: 987_654,
  room: '0'.repeat(32),
};

const MARKS: Marks = {
  ours: 'mark-of-acme',
  theirs: 'mark-of-other',
  words: 'only-between-visitor-and-agents',
  phone: '555-0100-of-anna',
};

/** What changes by itself: sessions, announcements, who is on line. */
const BOOKKEEPING = ['session', 'outbox', 'relay_lanes', 'presence', 'settings'];

/** An official account whose server is never there. */
const WEIXIN = {
  WEIXIN_APP_ID: 'app',
  WEIXIN_APP_SECRET: 'secret',
  WEIXIN_TOKEN: 'token',
  WEIXIN_API_URL: 'http://127.0.0.1:9',
};

const agent = (mark: string, user_name: string, level: string) => ({
  user_name,
  nick_name: `${user_name} ${mark}`,
  password: PASSWORD,
  level,
  max_conversations: 5000,
});

const business = (business_id: string, mark: string, agents: object[]) => ({
  business_id,
  name: `${business_id} ${mark}`,
  distribution_rule: 'claim',
  greeting: `Welcome to ${mark}`,
  offline_text: `Closed, says ${mark}`,
  questions: [{ question: `Who asks ${mark}?`, answer: `It is ${mark}.` }],
  audio_state: 'open',
  video_state: 'close',
  agents,
});

/** Two businesses with everything in them, and somebody of each kind who calls. */
export interface RunningWorld extends MatrixWorld {
  stack: Stack;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<RunningWorld> {
  const acme = [
    agent(MARKS.ours, 'anna', 'service'),
    agent(MARKS.ours, 'bob', 'service'),
    agent(MARKS.ours, 'mona', 'manager'),
    agent(MARKS.ours, 'sue', 'super_manager'),
  ];
  const other = [agent(MARKS.theirs, 'olga', 'manager'), agent(MARKS.theirs, 'oscar', 'super_manager')];
  const businesses = [business('acme', MARKS.ours, acme), business('other', MARKS.theirs, other)];
  const stack = await startStack({ bootstrap: { businesses }, webEnv: WEIXIN });
  const db = new pg.Client(stack.databaseUrl);
  await db.connect();
  const tables = await tablesOf(db);
  const staff = await staffOf(stack);
  const { anna, bob, mona, sue, olga } = staff;
  await describeAnna(anna);
  const acmePages = await pagesOf(mona, 'acme', MARKS.ours);
  const otherPages = await pagesOf(olga, 'other', MARKS.theirs);

  let met = 0;
  const metBy = async (who: SignedInAgent, slug: string, mark: string): Promise<NewSubject> => {
    const visiterId = `visitor-${(met += 1)}-of-${slug}`;
    const visitor = await arrive(stack.webUrl, slug, visiterId, mark);
    await claimed(who, visiterId);
    const conversationId = await conversationOf(who, visiterId);
    const { id: agentId, userName: agentName } = who.me;
    const named = { business: slug, visiterId, conversationId, agentId, agentName, teamNumber: 0, room: '' };
    return { subject: { ...named, ...(slug === 'acme' ? acmePages : otherPages) }, visitor };
  };
  /** They have talked, and had a call. */
  const knownTo = async (who: SignedInAgent, slug: string, mark: string, words: string): Promise<NewSubject> => {
    const { subject, visitor } = await metBy(who, slug, mark);
    await says(visitor, subject, words);
    must(await who.calls.form<WoliveReply>('/admin/set/chats', { visiter_id: subject.visiterId, content: mark }));
    return { subject: { ...subject, room: await calledBy(who, subject) }, visitor };
  };

  const { subject: own, visitor } = await knownTo(anna, 'acme', MARKS.ours, MARKS.words);
  const { visitor: otherVisitor } = await knownTo(bob, 'acme', MARKS.ours, 'hello');
  const { subject: foreign } = await knownTo(olga, 'other', MARKS.theirs, MARKS.theirs);
  const { subject: blocked } = await metBy(olga, 'other', MARKS.theirs);
  must(await olga.calls.form<WoliveReply>('/admin/set/blacklist', { visiter_id: blocked.visiterId }));
  const nobody = httpCaller(stack.webUrl);

  return {
    stack,
    marks: MARKS,
    callers: {
      nobody,
      visitor,
      otherVisitor,
      agent: anna.calls,
      otherAgent: bob.calls,
      manager: mona.calls,
      superManager: sue.calls,
      foreignManager: olga.calls,
    },
    own: { ...own, agentId: bob.me.id },
    foreign,
    unknown: UNKNOWN,
    newSubject: async () => {
      const { subject, visitor: theirVisitor } = await metBy(anna, 'acme', MARKS.ours);
      return { subject: { ...subject, agentId: bob.me.id }, visitor: theirVisitor };
    },
    digests: (slug) => digestsOf(db, tables, slug ?? null),
    stop: async () => {
      for (const member of Object.values(staff)) member.leave();
      await db.end();
      await stack.stop();
    },
  };
}

/** Those who give and are given visitors are on line. */
async function staffOf({ webUrl }: Stack) {
  const [anna, bob, olga, mona, sue] = await Promise.all([
    onLine(webUrl, 'anna', PASSWORD),
    onLine(webUrl, 'bob', PASSWORD),
    onLine(webUrl, 'olga', PASSWORD),
    signIn(webUrl, 'mona', PASSWORD),
    signIn(webUrl, 'sue', PASSWORD),
  ]);
  return { anna, bob, olga, mona, sue };
}

async function describeAnna({ calls }: SignedInAgent): Promise<void> {
  const profile = { phone: MARKS.phone, email: `${MARKS.phone}@example.com` };
  must(await calls.form<WoliveReply>('/admin/manager/update', profile));
}

async function arrive(webUrl: string, slug: string, visiterId: string, mark: string): Promise<HttpCaller> {
  const fields = { business_id: slug, visiter_id: visiterId, visiter_name: mark, record: `https://${mark}.example/` };
  const { body } = await httpCaller(webUrl).form<WoliveReply>('/admin/event/notice', fields);
  const token = body.data['visitor_token'];
  if (typeof token !== 'string') throw new Error(`no token for ${visiterId}: ${JSON.stringify(body)}`);
  return httpCaller(webUrl, { Authorization: `Bearer ${token}` });
}

async function claimed({ calls }: SignedInAgent, visiterId: string): Promise<void> {
  must(await calls.form<WoliveReply>('/admin/set/get', { visiter_id: visiterId }));
}

async function says(visitor: HttpCaller, { business: slug, visiterId }: Subject, content: string): Promise<void> {
  must(await visitor.form<WoliveReply>('/admin/event/chats', { business_id: slug, visiter_id: visiterId, content }));
}

/** A call that the agent has withdrawn. */
async function calledBy({ calls }: SignedInAgent, { visiterId }: Subject): Promise<string> {
  const offered = await calls.form<WoliveReply>('/admin/set/apply', { visiter_id: visiterId, kind: 'audio' });
  must(offered);
  const room = String(offered.body.data['room']);
  must(await calls.form<WoliveReply>('/admin/set/refuse', { room }));
  return room;
}

async function conversationOf({ calls }: SignedInAgent, visiterId: string): Promise<number> {
  const { body } = await calls.form<WoliveReply>('/admin/set/getchatnow', { visiter_id: visiterId });
  return Number(body.data['qid']);
}

/** A question, a page, a greeting of the agent's own, and a message that was left. */
async function pagesOf(manager: SignedInAgent, slug: string, mark: string): Promise<{ faqId: number; tabId: number }> {
  const { calls } = manager;
  const tab = await calls.form<WoliveReply>('/admin/set/gettab', { title: mark, content: mark });
  must(tab);
  must(await calls.form<WoliveReply>('/admin/manager/cmtalk', { content: mark }));
  must(await calls.form<WoliveReply>('/admin/event/message', { business_id: slug, name: mark, content: mark }));
  const { body } = await calls.form<WoliveList>('/admin/event/getquestion', { business_id: slug });
  return { faqId: Number(body.data[0]?.['qid']), tabId: Number(tab.body.data['tid']) };
}

function must({ status, body }: { status: number; body: WoliveReply }): void {
  if (status !== 200 || body.code !== 0) throw new Error(`${status} ${JSON.stringify(body)}`);
}

interface Table {
  name: string;
  hasBusiness: boolean;
}

async function tablesOf(db: pg.Client): Promise<Table[]> {
  const { rows } = await db.query<Table>(
    `select t.table_name as name, c.column_name is not null as "hasBusiness"
     from information_schema.tables t left join information_schema.columns c
       on c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'business_id'
     where t.table_schema = 'public' and t.table_type = 'BASE TABLE' and t.table_name <> all($1) order by 1`,
    [BOOKKEEPING],
  );
  return rows;
}

async function digestsOf(db: pg.Client, all: readonly Table[], slug: string | null) {
  const where = slug === null ? '' : `where business_id = (select id from businesses where slug = '${slug}')`;
  const each = all
    .filter(({ hasBusiness }) => hasBusiness || slug === null)
    .map(
      ({ name }) =>
        `select '${name}' as name, count(*) || ' ' || md5(string_agg(md5(r::text), '' order by md5(r::text))) as digest
         from "${name}" r ${where}`,
    );
  const { rows } = await db.query<{ name: string; digest: string | null }>(each.join(' union all '));
  return new Map(rows.map(({ name, digest }) => [name, digest ?? 'empty']));
}
