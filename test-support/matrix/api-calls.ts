import type { Answer } from '../http-calls.ts';
import { formWith, png } from '../sample-files.ts';
import type { ActorName, Dialect, Expectation, IdClass, Ids, MatrixCall, MatrixRequest, Subject } from './matrix.ts';
import { inAddress, newHere } from './wolive-calls.ts';

const OWN_AGENTS = ['agent', 'otherAgent', 'manager', 'superManager'] as const;
const AGENTS: readonly ActorName[] = [...OWN_AGENTS, 'foreignManager'];
const MANAGERS: readonly ActorName[] = ['manager', 'superManager'];
const ALL_MANAGERS: readonly ActorName[] = [...MANAGERS, 'foreignManager'];

const DONE = ['200 ok', '201 ok', '204 ok'];
const UNAUTHORIZED = ['401 unauthorized'];
const FORBIDDEN = ['403 forbidden'];
const MISSING = ['404 not_found'];
const INVALID = ['422 invalid'];
const NOT_YOURS = ['403 not_your_conversation'];
const TAKEN = ['409 already_claimed'];
const OVER = ['409 conflict'];

type Row = Partial<Pick<MatrixCall, 'as' | 'names' | 'reads' | 'eachAnew' | 'shows'>>;
interface Who extends Row {
  /** Agents for whom it is done with what is their business's. */
  done: readonly ActorName[];
  /** What their colleagues hear. */
  colleagues?: readonly string[];
  /** What those hear who name what can be no id. */
  malformed?: readonly string[];
}
type Body = (ids: Ids) => object;

const CONVERSATION: readonly (keyof Subject)[] = ['conversationId'];
const isAgent = (actor: ActorName) => AGENTS.includes(actor);
/** Another business's manager would find their own. */
const isTheirOwn = (actor: ActorName, ids: IdClass) => actor === 'foreignManager' && ids === 'foreign';

/** For agents: visitors are told that it is not for them, before anything is looked at. */
function agents(route: string, who: Who, body?: Body): MatrixCall {
  const { done, colleagues = FORBIDDEN, malformed = MISSING, ...row } = who;
  const expected: Expectation = (actor, ids) => {
    if (actor === 'nobody') return UNAUTHORIZED;
    if (!isAgent(actor)) return FORBIDDEN;
    if (isTheirOwn(actor, ids)) return null;
    if (ids === 'own') return outcomeFor(actor, done, colleagues);
    return ids === 'malformed' ? malformed : MISSING;
  };
  return call(route, { shows: 'callers', ...row, expected }, body);
}

/** For a conversation's visitor, and agents of the business. */
function either(route: string, who: Who & { visitor?: readonly string[] }, body?: Body): MatrixCall {
  const { done, colleagues = FORBIDDEN, malformed = MISSING, visitor = DONE, ...row } = who;
  const expected: Expectation = (actor, ids) => {
    if (actor === 'nobody') return UNAUTHORIZED;
    if (isTheirOwn(actor, ids)) return null;
    if (ids === 'malformed') return malformed;
    if (ids !== 'own') return MISSING;
    if (isAgent(actor)) return outcomeFor(actor, done, colleagues);
    return actor === 'visitor' ? visitor : MISSING;
  };
  return call(route, { shows: 'callers', ...row, expected }, body);
}

/** For visitors alone: agents are told so, whatever they name. */
function visitors(route: string, row: Row & { malformed?: readonly string[] }, body?: Body): MatrixCall {
  const { malformed = MISSING, ...rest } = row;
  const expected: Expectation = (actor, ids) => {
    if (actor === 'nobody') return UNAUTHORIZED;
    if (isAgent(actor)) return FORBIDDEN;
    if (ids === 'own') return actor === 'visitor' ? DONE : MISSING;
    return ids === 'malformed' ? malformed : MISSING;
  };
  return call(route, { shows: 'callers', ...rest, expected }, body);
}

/** For anybody who names an open business. */
function anybody(
  route: string,
  row: Row & { foreign?: readonly string[]; malformed?: readonly string[] },
  body?: Body,
) {
  // An address holds texts alone: what was an array is a name of nothing there.
  const { foreign = DONE, malformed = [...INVALID, ...MISSING], ...rest } = row;
  const outcomes = { own: DONE, foreign, unknown: MISSING, malformed };
  return call(route, { shows: 'named', reads: true, ...rest, expected: (_actor, ids) => outcomes[ids] }, body);
}

/** The whole realtime server, every business's channels: for super managers. */
function inspecting(route: string, row: Row & { done?: readonly string[] | null } = {}, body?: Body): MatrixCall {
  const { done = DONE, ...rest } = row;
  const expected: Expectation = (actor) => {
    if (actor === 'nobody') return UNAUTHORIZED;
    return actor === 'superManager' ? done : FORBIDDEN;
  };
  return call(route, { shows: 'callers', reads: true, ...rest, expected }, body);
}

/** Nobody comes in without the right password, and nobody begins as somebody else. */
const noSession: Expectation = (actor) => (actor === 'nobody' || actor === 'agent' ? UNAUTHORIZED : null);
const beginning =
  (...outcomes: [IdClass, readonly string[]][]): Expectation =>
  (_actor, ids) =>
    new Map(outcomes).get(ids) ?? ['401 token_required'];

function outcomeFor(actor: ActorName, done: readonly ActorName[], colleagues: readonly string[]): readonly string[] {
  if (done.includes(actor)) return DONE;
  if (actor === 'foreignManager') return MISSING;
  return colleagues;
}

/** Names in the route's path and query are filled in from the ids. */
function call(route: string, row: Row & Pick<MatrixCall, 'expected' | 'shows'>, body: Body = () => ({})): MatrixCall {
  const [method = '', template = ''] = route.split(' ');
  const request = (ids: Ids): MatrixRequest => {
    const path = `/api/v1${template.replaceAll(/\{(\w+)\}/g, (_all, name: keyof Subject) => inAddress(ids[name]))}`;
    if (method === 'GET') return { path };
    const content = body(ids);
    return content instanceof FormData ? { path, form: content } : { path, body: content };
  };
  return { names: [], reads: false, eachAnew: false, ...row, route: `${method} ${inRouter(template)}`, request };
}

/** As the router writes what stands in a path. */
function inRouter(template: string): string {
  return template
    .replace(/\?.*$/, '')
    .replace('{conversationId}/faqs/{faqId}', ':id/faqs/:faqId')
    .replace(/\{(conversationId|faqId)\}/, ':id')
    .replace('{room}', ':room')
    .replace('presence-x', ':channel');
}

const begin: Body = (ids) => ({ businessId: ids.business, visitorId: newHere(ids) });
const message: Body = () => ({ clientId: `m${(sent += 1)}`, type: 'text', content: { text: 'words' } });
let sent = 0;

/** The calls of `/api/v1`, who may make them, and what the others hear. */
export const API_CALLS: readonly MatrixCall[] = [
  anybody('GET /config?business_id={business}', { names: ['business'] }),
  anybody('GET /config.js?business_id={business}', { names: ['business'] }),
  anybody('GET /faqs?business_id={business}', { names: ['business'] }),
  anybody('GET /faqs/{faqId}?business_id={business}', { names: ['faqId'], foreign: MISSING, malformed: MISSING }),
  anybody('GET /tabs?business_id={business}', { names: ['business'] }),
  call(
    'POST /visitor-session',
    {
      names: ['visiterId'],
      shows: 'named',
      expected: (actor, ids) =>
        // Another business's visitor is as new here as anybody else.
        ids === 'foreign' ? null : beginning(['unknown', DONE], ['malformed', INVALID])(actor, ids),
    },
    begin,
  ),
  call(
    'POST /visitor-session',
    {
      as: 'business',
      names: ['business'],
      shows: 'named',
      expected: beginning(['foreign', DONE], ['unknown', MISSING], ['malformed', INVALID]),
    },
    begin,
  ),
  call('POST /session', { shows: 'named', expected: noSession }, () => ({ userName: 'anna', password: 'wrong' })),
  call('DELETE /session', {
    shows: 'callers',
    // Whoever may has no session afterwards.
    expected: (actor) => (actor === 'nobody' ? UNAUTHORIZED : isAgent(actor) ? null : FORBIDDEN),
  }),
  call(
    'POST /leave-messages',
    {
      names: ['business'],
      shows: 'named',
      expected: (actor, ids) => {
        const isVisitor = actor === 'visitor' || actor === 'otherVisitor';
        if (ids === 'foreign' && isVisitor) return UNAUTHORIZED;
        return { own: DONE, foreign: DONE, unknown: MISSING, malformed: INVALID }[ids];
      },
    },
    ({ business }) => ({ businessId: business, content: 'words' }),
  ),

  agents('GET /me', { done: AGENTS, reads: true }),
  agents('PUT /me/status', { done: AGENTS }, () => ({ status: 'online' })),
  agents('GET /agents', { done: AGENTS, reads: true }),
  agents('GET /leave-messages', { done: AGENTS, reads: true }),
  agents('GET /settings/widget', { done: ALL_MANAGERS, reads: true }),
  agents('PUT /settings/widget', { done: ALL_MANAGERS }),
  agents('GET /conversations?view=all', { done: AGENTS, reads: true }),
  agents('GET /conversations/counts', { done: AGENTS, reads: true }),
  agents('POST /conversations/{conversationId}/claim', { names: CONVERSATION, done: ['agent'], colleagues: TAKEN }),
  agents('POST /conversations/{conversationId}/reopen', { names: CONVERSATION, done: ['agent'], colleagues: TAKEN }),
  agents('POST /conversations/{conversationId}/rating-request', {
    names: CONVERSATION,
    done: ['agent', ...MANAGERS],
    colleagues: NOT_YOURS,
  }),
  agents(
    'POST /conversations/{conversationId}/transfer',
    { names: CONVERSATION, done: ['agent', ...MANAGERS], colleagues: NOT_YOURS, eachAnew: true },
    ({ agentId }) => ({ agentId }),
  ),
  agents(
    'POST /conversations/{conversationId}/transfer',
    {
      as: 'to whom',
      names: ['agentId'],
      done: ['agent', ...MANAGERS],
      colleagues: NOT_YOURS,
      // A number that is nobody's is no worse than one that is.
      malformed: [...INVALID, ...MISSING],
      eachAnew: true,
    },
    ({ agentId }) => ({ agentId }),
  ),
  ...['PUT', 'DELETE'].map((method) =>
    agents(`${method} /conversations/{conversationId}/blacklist`, {
      names: CONVERSATION,
      done: OWN_AGENTS,
      eachAnew: true,
    }),
  ),

  either('GET /conversations/{conversationId}', { names: CONVERSATION, done: OWN_AGENTS, reads: true }),
  either('GET /conversations/{conversationId}/messages', { names: CONVERSATION, done: OWN_AGENTS, reads: true }),
  ...['text', 'html'].map((format) =>
    either(`GET /conversations/{conversationId}/transcript?format=${format}`, {
      as: format,
      names: CONVERSATION,
      done: OWN_AGENTS,
      reads: true,
    }),
  ),
  either(
    'POST /conversations/{conversationId}/messages',
    { names: CONVERSATION, done: ['agent'], colleagues: NOT_YOURS },
    message,
  ),
  either('POST /conversations/{conversationId}/read', { names: CONVERSATION, done: OWN_AGENTS }, () => ({ seq: 1 })),
  either('POST /conversations/{conversationId}/delivered', { names: CONVERSATION, done: OWN_AGENTS }, () => ({
    seq: 1,
  })),
  either('POST /conversations/{conversationId}/close', {
    names: CONVERSATION,
    done: ['agent', ...MANAGERS],
    colleagues: NOT_YOURS,
    eachAnew: true,
  }),
  visitors('POST /conversations/{conversationId}/rating', { names: CONVERSATION }, () => ({ score: 5 })),
  visitors('POST /conversations/{conversationId}/faqs/{faqId}', { names: ['conversationId', 'faqId'] }),
  call('POST /files', { shows: 'callers', expected: (actor) => (actor === 'nobody' ? UNAUTHORIZED : DONE) }, () =>
    formWith('file', { bytes: png(2, 2), name: 'a.png' }),
  ),

  either('POST /conversations/{conversationId}/calls', { names: CONVERSATION, done: [], visitor: FORBIDDEN }, () => ({
    kind: 'video',
  })),
  call('GET /calls/ringing', {
    shows: 'callers',
    reads: true,
    expected: (actor) => (actor === 'nobody' ? UNAUTHORIZED : DONE),
  }),
  either('POST /calls/{room}/accept', { names: ['room'], done: [], colleagues: MISSING, visitor: OVER }),
  either('POST /calls/{room}/alive', { names: ['room'], done: [], colleagues: [...MISSING, ...OVER], visitor: OVER }),
  either('POST /calls/{room}/refuse', { names: ['room'], done: ['agent'], colleagues: MISSING }),
  either('POST /calls/{room}/end', { names: ['room'], done: ['agent'], colleagues: MISSING }),

  inspecting('GET /realtime/connections'),
  inspecting('GET /realtime/channels'),
  inspecting('GET /realtime/channels/presence-x/members'),
  inspecting('GET /realtime/deliveries'),
  inspecting('POST /realtime/events', {}, () => ({ channel: 'private-nothing', name: 'event', data: '{}' })),
  // It never ends.
  inspecting('GET /realtime/stream', { done: null }),
];

/** Errors are `application/problem+json`; `code` says which. */
export const API: Dialect = {
  outcomeOf: ({ status, body }) => `${status} ${status < 400 ? 'ok' : codeOf(body)}`,
  isDone: (outcome) => DONE.includes(outcome),
  shapeFault: ({ status, headers, body }) => {
    if (status < 400) return null;
    if (headers.get('content-type')?.startsWith('application/problem+json') !== true) return 'is no problem+json';
    const { status: said, detail } = Object(body) as { status?: unknown; detail?: unknown };
    if (said !== status) return `says ${String(said)} with ${status}`;
    return typeof detail === 'string' && detail !== '' ? null : 'says nothing';
  },
};

function codeOf(body: Answer<unknown>['body']): string {
  const { code } = Object(body) as { code?: unknown };
  return typeof code === 'string' ? code : 'nothing';
}
