import type { Answer, HttpCaller } from '../http-calls.ts';

/** Who calls. All but the last belong to one business. */
export const ACTORS = [
  'nobody',
  'visitor',
  'otherVisitor',
  'agent',
  'otherAgent',
  'manager',
  'superManager',
  'foreignManager',
] as const;
export type ActorName = (typeof ACTORS)[number];

/** What a call names: the visitor's and the agent's own, another business's, nobody's, or what can be no id. */
const ID_CLASSES = ['own', 'foreign', 'unknown', 'malformed'] as const;
export type IdClass = (typeof ID_CLASSES)[number];

/** Everything that calls name, of one visitor of one business. */
export interface Subject {
  business: string;
  visiterId: string;
  conversationId: number;
  agentId: number;
  agentName: string;
  teamNumber: number;
  faqId: number;
  tabId: number;
  /** Of a call that is over. */
  room: string;
}

/** A subject to whom something may be done, and that visitor's own calls. */
export interface NewSubject {
  subject: Subject;
  visitor: HttpCaller;
}

/** The same; a malformed one may hold anything. */
export type Ids = Readonly<Record<keyof Subject, unknown>>;

export interface MatrixRequest {
  path: string;
  /** Sent as JSON. */
  body?: object;
  /** Sent as a form with a file. */
  form?: FormData;
}

/** Which outcomes are right, as `STATUS CODE`; null: there is no such cell. */
export type Expectation = (actor: ActorName, ids: IdClass) => readonly string[] | null;

/** One call with what everybody gets for everything that they may name. */
export interface MatrixCall {
  /** `POST /admin/set/chats`, as the router has it. */
  route: string;
  /** Tells two rows of one route apart. */
  as?: string;
  /** Which of its ids are varied; none: it names nothing. */
  names: readonly (keyof Subject)[];
  request(ids: Ids): MatrixRequest;
  expected: Expectation;
  /** Also when it is done it changes nothing. */
  reads: boolean;
  /** Whoever may do it does it to somebody else's conversation each time. */
  eachAnew: boolean;
  /** Whose words the answer may hold: those of the caller's business, or of the business that the call names. */
  shows: 'callers' | 'named';
}

/** A door's own terms. */
export interface Dialect {
  /** `STATUS CODE`. */
  outcomeOf(answer: Answer<unknown>): string;
  isDone(outcome: string): boolean;
  /** What is wrong with an answer's shape, or null. */
  shapeFault(answer: Answer<unknown>): string | null;
}

/** Words that stand in the database, and to whom they may be shown. */
export interface Marks {
  /** All over the callers' business, and all over the other one. */
  ours: string;
  theirs: string;
  /** What the visitor wrote. */
  words: string;
  /** How to reach the agent elsewhere: never for visitors. */
  phone: string;
}

export interface MatrixWorld {
  callers: Readonly<Record<ActorName, HttpCaller>>;
  own: Subject;
  foreign: Subject;
  unknown: Subject;
  marks: Marks;
  /** Another visitor of the agent's, to whom something may be done. */
  newSubject(): Promise<NewSubject>;
  /** What the database holds, table by table, but for its bookkeeping; with a business: what it holds of that one. */
  digests(business?: string): Promise<ReadonlyMap<string, string>>;
}

interface Cell {
  actor: ActorName;
  idClass: IdClass;
  ids: Ids;
  expected: readonly string[];
}

const AT_ONCE = 6;
const MAY_MOST: readonly ActorName[] = ['visitor', 'superManager'];
const NOT_A_TEXT: readonly unknown[] = ['a\0b', '\ud800', 'x'.repeat(600), ['x'], { x: 1 }];
const NOT_A_NUMBER: readonly unknown[] = ['x', -1, 1.5, 1e12, '1\0', '0x1'];
const STACK_TRACE = /\n\s+at |node_modules|\.[cm]?[jt]s:\d+/;

/**
 * Makes one call as everybody with everything. Answers what was not as the table says, a line for each: also what was
 * changed by a call that is refused, or in another business than the caller's.
 */
export async function faultsOf(call: MatrixCall, dialect: Dialect, world: MatrixWorld): Promise<string[]> {
  const cells = cellsOf(call, world);
  const isStill = ({ expected }: Cell) => call.reads || !expected.some((outcome) => dialect.isDone(outcome));
  const changes = async (job: () => Promise<string[]>, of?: string) => {
    const before = await world.digests(of);
    const faults = await job();
    const after = await world.digests(of);
    const changed = [...after].filter(([table, digest]) => before.get(table) !== digest);
    return [...faults, ...changed.map(([table]) => `${nameOf(call)}: changed ${table} of ${of ?? 'anybody'}`)];
  };
  const make = (some: readonly Cell[]) => () =>
    inTurns(some, async (cell) => {
      if (!call.eachAnew || isStill(cell)) return faultsOfCell(call, cell, dialect, world);
      const { subject: ids, visitor } = await world.newSubject();
      const callers = cell.actor === 'visitor' ? { ...world.callers, visitor } : world.callers;
      return faultsOfCell(call, { ...cell, ids }, dialect, { ...world, callers });
    });
  const changing = cells.filter((cell) => !isStill(cell));
  const isTheirs = ({ actor, idClass }: Cell) => actor === 'foreignManager' || idClass === 'foreign';
  const ours = changing.filter((cell) => !isTheirs(cell));
  // Another business's manager may call what anybody may, about ours.
  const theirs = changing.filter((cell) => isTheirs(cell) && call.shows === 'callers');
  const either = changing.filter((cell) => isTheirs(cell) && call.shows === 'named');
  return [
    ...(await changes(make(cells.filter(isStill)))),
    ...(ours.length > 0 ? await changes(make(ours), world.foreign.business) : []),
    ...(theirs.length > 0 ? await changes(make(theirs), world.own.business) : []),
    ...(await make(either)()),
  ];
}

export function nameOf({ route, as }: MatrixCall): string {
  return as === undefined ? route : `${route} (${as})`;
}

function cellsOf(call: MatrixCall, world: MatrixWorld): Cell[] {
  const classes: readonly IdClass[] = call.names.length === 0 ? ['own'] : ID_CLASSES;
  return classes.flatMap((idClass) =>
    ACTORS.flatMap((actor) => {
      const expected = call.expected(actor, idClass);
      if (expected === null) return [];
      const all = idsOf(call, idClass, world);
      // In how many ways an id can be wrong is tried by those who may most; for the others one is enough.
      const tried = MAY_MOST.includes(actor) ? all : all.slice(0, 1);
      return tried.map((ids) => ({ actor, idClass, ids, expected }));
    }),
  );
}

/** What is not varied stays the callers' own, so that nothing but the named id can be what is refused. */
function idsOf({ names }: MatrixCall, idClass: IdClass, world: MatrixWorld): Ids[] {
  const varied = (from: Ids): Ids => ({
    ...world.own,
    ...Object.fromEntries(names.map((name) => [name, from[name]])),
  });
  if (idClass !== 'malformed') {
    const together = varied(world[idClass]);
    const alone = names.map((name) => ({ ...world.own, [name]: world[idClass][name] }));
    return idClass === 'own' || names.length === 1 ? [together] : [together, ...alone];
  }
  return names.flatMap((name) => {
    const wrong = typeof world.own[name] === 'number' ? NOT_A_NUMBER : NOT_A_TEXT;
    return wrong.map((value) => ({ ...world.own, [name]: value }));
  });
}

async function faultsOfCell(call: MatrixCall, cell: Cell, dialect: Dialect, world: MatrixWorld): Promise<string[]> {
  const answer = await send(world.callers[cell.actor], call.route, call.request(cell.ids));
  const outcome = dialect.outcomeOf(answer);
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const wrong = [
    cell.expected.includes(outcome) ? null : `${outcome}, not ${cell.expected.join(' or ')}: ${text.slice(0, 160)}`,
    answer.status >= 500 ? 'an error of the server' : null,
    dialect.shapeFault(answer),
    STACK_TRACE.test(text) ? 'shows a stack trace' : null,
    ...forbiddenWords(call, cell, world.marks).map((word) => (text.includes(word) ? `shows ${word}` : null)),
  ];
  const named = call.names.map((name) => JSON.stringify(cell.ids[name])?.slice(0, 40)).join(' ');
  return wrong.flatMap((fault) =>
    fault === null ? [] : [`${nameOf(call)}, ${cell.actor}, ${cell.idClass} ${named}: ${fault}`],
  );
}

/** What this caller may not see in any answer to this call. */
function forbiddenWords({ shows }: MatrixCall, { actor, idClass }: Cell, marks: Marks): string[] {
  const never = ['"password"', 'scrypt$', 'password_hash'];
  const isOurs = actor !== 'foreignManager';
  const asks = shows === 'named' ? (idClass === 'foreign' ? 'theirs' : 'ours') : isOurs ? 'ours' : 'theirs';
  const strangers = ['nobody', 'otherVisitor', 'foreignManager'].includes(actor) ? [marks.words] : [];
  const outside = ['nobody', 'visitor', 'otherVisitor', 'foreignManager'].includes(actor) ? [marks.phone] : [];
  return [...never, asks === 'ours' ? marks.theirs : marks.ours, ...strangers, ...outside];
}

/** As the call is documented; `path` may carry a prefix. */
export function send(caller: HttpCaller, route: string, { path, body, form }: MatrixRequest): Promise<Answer<unknown>> {
  const [method = 'GET'] = route.split(' ');
  return form === undefined ? caller.json<unknown>(method, path, body) : caller.upload<unknown>(path, form);
}

/** A few at a time; their results one after the other. */
async function inTurns<Item>(items: readonly Item[], job: (item: Item) => Promise<string[]>): Promise<string[]> {
  const results: string[][] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await job(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results.flat();
}
