import type { Answer } from '../http-calls.ts';
import { formWith, png } from '../sample-files.ts';
import type { ActorName, Dialect, Expectation, IdClass, Ids, MatrixCall, MatrixRequest, Subject } from './matrix.ts';
import { FOREIGN_BUSINESS, PASSWORD, UNKNOWN } from './world.ts';

const AGENTS = ['agent', 'otherAgent', 'manager', 'superManager', 'foreignManager'] as const;
type AgentName = (typeof AGENTS)[number];
const OWN_BUSINESS: readonly AgentName[] = ['agent', 'otherAgent', 'manager', 'superManager'];
const MANAGERS: readonly AgentName[] = ['manager', 'superManager'];
/** Managers, each of their own business. */
const ALL_MANAGERS: readonly AgentName[] = [...MANAGERS, 'foreignManager'];

/** What has to be another one each time is numbered. */
let registered = 0;

const DONE = ['200 0'];
const NO_SESSION = ['401 401'];
const REFUSED = ['200 1'];
/** For managers only; whether that or a fault of the fields is told first is nobody's business. */
const NOT_ALLOWED = ['403 1'];
const NOT_ALLOWED_OR_REFUSED = ['403 1', '200 1'];

const isAgent = (actor: ActorName): actor is AgentName => AGENTS.some((name) => name === actor);

type Row = Partial<Pick<MatrixCall, 'as' | 'names' | 'reads' | 'eachAnew'>>;
/** What is sent: fields as JSON, or a form with a file. */
type Sent = (ids: Ids) => object;

/** An agent's call: 401 without a session, done for some, and another business's manager finds nothing there. */
function agents(
  path: string,
  row: Row & { done: readonly AgentName[]; managersOnly?: boolean; colleagues?: readonly string[] },
  sent: Sent = () => ({}),
): MatrixCall {
  const { done, managersOnly = false, colleagues = REFUSED, ...rest } = row;
  const expected: Expectation = (actor, ids) => {
    if (!isAgent(actor)) return NO_SESSION;
    if (actor === 'foreignManager' && ids === 'foreign') return null;
    const mayNot = managersOnly && !ALL_MANAGERS.includes(actor);
    if (ids !== 'own') return mayNot ? NOT_ALLOWED_OR_REFUSED : REFUSED;
    if (done.includes(actor)) return DONE;
    if (actor === 'foreignManager') return REFUSED;
    return mayNot ? NOT_ALLOWED : colleagues;
  };
  return post(path, { ...rest, expected, shows: 'callers' }, sent);
}

/** A visitor's call: only with their own token, whatever session comes along. */
function visitors(path: string, row: Row & { failure?: 1 | 3; expected?: Expectation }, sent: Sent): MatrixCall {
  const { failure = 1, expected = whoProvesIt(failure), ...rest } = row;
  return post(path, { ...rest, expected, shows: 'named' }, sent);
}

/** What anybody may ask about an open business. */
function anybody(path: string, row: Row & { foreign?: readonly string[] }, sent: Sent): MatrixCall {
  const { foreign = REFUSED, ...rest } = row;
  const expected: Expectation = (_actor, ids) => (ids === 'own' ? DONE : ids === 'foreign' ? foreign : REFUSED);
  return post(path, { ...rest, expected, shows: 'named' }, sent);
}

function whoProvesIt(failure: 1 | 3): Expectation {
  return (actor, ids) => (actor === 'visitor' && ids === 'own' ? DONE : [`200 ${failure}`]);
}

/** Who has no token and names nobody that is there yet begins as somebody new, and waits. */
const beginning =
  (whenNew: IdClass): Expectation =>
  (actor, ids) => {
    // Another business's visitor is as new here as anybody else.
    if (ids === 'foreign' && whenNew !== 'foreign') return null;
    const hasToken = actor === 'visitor' || actor === 'otherVisitor';
    return ids === whenNew && !hasToken ? ['200 2'] : whoProvesIt(1)(actor, ids);
  };

/** The business takes no video calls. */
const switchedOff: Expectation = (actor, ids) => (actor === 'visitor' && ids === 'own' ? NOT_ALLOWED : REFUSED);

/** A password takes a while to be looked at. */
const withAWrongPassword: Expectation = (actor) => (actor === 'nobody' || actor === 'agent' ? REFUSED : null);

type Told = Row & Pick<MatrixCall, 'expected' | 'shows'>;

function post(path: string, row: Told, sent: Sent): MatrixCall {
  return call(`POST ${path}`, row, (ids) => {
    const content = sent(ids);
    return content instanceof FormData ? { path, form: content } : { path, body: content };
  });
}

function call(route: string, row: Told, request: (ids: Ids) => MatrixRequest): MatrixCall {
  return { names: [], reads: false, eachAnew: false, ...row, route, request };
}

/** A page: of an open business for everybody. */
function page(route: string, row: Row): MatrixCall {
  const expected: Expectation = (_actor, ids) => (ids === 'own' || ids === 'foreign' ? ['200 page'] : ['404 page']);
  return call(route, { ...row, names: BUSINESS, expected, shows: 'named' }, ({ business }) => ({
    path: `/index/message?business_id=${inAddress(business)}`,
    ...(row.reads ? {} : { body: { content: 'words' } }),
  }));
}

/** Half a surrogate pair cannot stand in an address. */
export function inAddress(value: unknown): string {
  return encodeURIComponent(String(value).replace(/\p{Surrogate}/gu, '\ufffd'));
}

const VISITER: readonly (keyof Subject)[] = ['visiterId'];
const BUSINESS: readonly (keyof Subject)[] = ['business'];
const SPEAKER: readonly (keyof Subject)[] = ['business', 'visiterId'];

const visiter: Sent = ({ visiterId }) => ({ visiter_id: visiterId });
const speaker: Sent = ({ business, visiterId }) => ({ business_id: business, visiter_id: visiterId });
const asked: Sent = ({ business }) => ({ business_id: business });
/** Hex of `visiter_id/business_id`; what can be no id stays what it is. */
const channel: Sent = ({ visiterId, business }) => ({
  channel:
    typeof visiterId === 'string' && typeof business === 'string'
      ? Buffer.from(`${visiterId}/${business}`).toString('hex')
      : visiterId,
});

/** Everybody who is new is new under another id. */
export function newHere(ids: Ids): unknown {
  const isNew = ids.visiterId === UNKNOWN.visiterId || ids.business === FOREIGN_BUSINESS;
  return isNew ? `new-${(registered += 1)}` : ids.visiterId;
}
const arriving: Sent = (ids) => ({ business_id: ids.business, visiter_id: newHere(ids) });

/** A file, and who sends it; a form's fields are texts. */
const upload =
  (field: string): Sent =>
  (ids) => {
    const fields = { ...speaker(ids), service_id: '0' };
    const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
    return formWith(field, { bytes: png(2, 2), name: 'a.png' }, texts);
  };

/** WoLive's calls (spec wolive), who may make them, and what the others hear. */
export const WOLIVE_CALLS: readonly MatrixCall[] = [
  visitors('/admin/event/notice', { names: VISITER, expected: beginning('unknown') }, arriving),
  visitors('/admin/event/notice', { as: 'business', names: BUSINESS, expected: beginning('foreign') }, arriving),
  ...['/admin/event/chats', '/admin/event/chat'].map((path) =>
    visitors(path, { names: SPEAKER, failure: 3 }, (ids) => ({ ...speaker(ids), content: 'words' })),
  ),
  visitors('/admin/event/upload', { names: SPEAKER }, upload('upload')),
  visitors('/admin/event/uploadfile', { names: SPEAKER }, upload('folder')),
  visitors('/admin/event/chatdata', { names: SPEAKER, reads: true }, speaker),
  anybody('/admin/event/getquestion', { names: BUSINESS, reads: true, foreign: DONE }, asked),
  anybody('/admin/event/getanswer', { names: ['faqId'], reads: true }, (ids) => ({ ...asked(ids), qid: ids.faqId })),
  visitors('/admin/event/getanswer', { as: 'into the conversation', names: SPEAKER }, (ids) => ({
    ...speaker(ids),
    qid: ids.faqId,
  })),
  anybody('/admin/event/gettablist', { names: BUSINESS, reads: true, foreign: DONE }, asked),
  anybody('/admin/event/message', { names: BUSINESS, foreign: DONE }, (ids) => ({ ...asked(ids), content: 'words' })),
  visitors('/admin/event/message', { as: 'by a visitor', names: SPEAKER }, (ids) => ({
    ...speaker(ids),
    content: 'words',
  })),

  visitors('/admin/event/apply', { names: SPEAKER, expected: switchedOff }, (ids) => ({
    ...speaker(ids),
    kind: 'video',
  })),
  visitors('/admin/event/refuse', { names: SPEAKER }, (ids) => ({ ...speaker(ids), room: ids.room })),
  visitors('/admin/event/refuse', { as: 'room', names: ['room'] }, (ids) => ({ ...speaker(ids), room: ids.room })),

  agents('/admin/set/getchats', { done: AGENTS, reads: true }),
  agents('/admin/set/getwait', { done: AGENTS, reads: true }),
  agents('/admin/set/getblackdata', { done: AGENTS, reads: true }),
  agents('/admin/set/get', { names: VISITER, done: ['agent'] }, visiter),
  agents('/admin/set/chats', { names: VISITER, done: ['agent'] }, (ids) => ({ ...visiter(ids), content: 'words' })),
  agents('/admin/set/getchatnow', { names: VISITER, done: ['agent'] }, visiter),
  agents('/admin/set/getmessage', { names: SPEAKER, done: OWN_BUSINESS, reads: true }, channel),
  agents('/admin/set/getwatch', { names: SPEAKER, done: OWN_BUSINESS }, channel),
  agents('/admin/set/blacklist', { names: SPEAKER, done: OWN_BUSINESS, eachAnew: true }, channel),
  agents('/admin/set/removeblacklist', { names: VISITER, done: OWN_BUSINESS, eachAnew: true }, visiter),
  agents('/admin/set/deletes', { names: VISITER, done: ['agent', ...MANAGERS], eachAnew: true }, visiter),
  agents('/admin/set/getswitch', { names: VISITER, done: ['agent', ...MANAGERS], eachAnew: true }, (ids) => ({
    ...visiter(ids),
    id: ids.agentId,
  })),
  agents(
    '/admin/set/getswitch',
    { as: 'to whom', names: ['agentId'], done: ['agent', ...MANAGERS], eachAnew: true },
    (ids) => ({
      ...visiter(ids),
      id: ids.agentId,
    }),
  ),
  agents('/admin/set/getvisiters', { names: ['agentName'], done: OWN_BUSINESS, reads: true }, ({ agentName }) => ({
    service: agentName,
  })),
  agents('/admin/set/getviews', { names: SPEAKER, done: OWN_BUSINESS, reads: true }, (ids) => ({
    ...channel(ids),
    puttime: '7',
  })),
  agents('/admin/set/getdesignForViews', { names: SPEAKER, done: OWN_BUSINESS, reads: true }, (ids) => ({
    ...channel(ids),
    start: '2026-01-01',
    end: '2099-12-31',
  })),
  agents('/admin/set/gettab', { names: ['tabId'], done: MANAGERS, managersOnly: true }, ({ tabId }) => ({
    tid: tabId,
    title: 'Delivery',
    content: 'by post',
  })),
  agents('/admin/manager/addquestion', { names: ['faqId'], done: MANAGERS, managersOnly: true }, ({ faqId }) => ({
    qid: faqId,
    question: 'Who asks?',
    answer: 'We do.',
  })),
  agents('/admin/set/apply', { names: VISITER, done: [], colleagues: NOT_ALLOWED }, (ids) => ({
    ...visiter(ids),
    kind: 'video',
  })),
  agents('/admin/set/refuse', { names: ['room'], done: ['agent'] }, ({ room }) => ({ room })),
  agents('/admin/weixin/get', { done: AGENTS, reads: true }),
  agents('/admin/weixin/bind', { done: AGENTS }, () => ({ open_id: `open-${(registered += 1)}` })),
  agents('/admin/weixin/unbind', { done: AGENTS }),
  agents('/admin/manager/cmtalk', { done: AGENTS }, () => ({ content: 'Good day' })),
  agents('/admin/manager/registForService', { done: ALL_MANAGERS, managersOnly: true }, () => ({
    user_name: `n${(registered += 1)}`,
    password: PASSWORD,
    password2: PASSWORD,
  })),
  agents('/admin/manager/uploadpic', { done: AGENTS }, () => formWith('img_head', { bytes: png(2, 2), name: 'a.png' })),
  agents('/admin/manager/update', { done: AGENTS }, () => ({ nick_name: 'Renamed' })),
  agents('/admin/manager/update', { as: 'the business', done: ALL_MANAGERS, managersOnly: true }, () => ({
    company: 'Renamed',
  })),
  agents('/admin/manager/modify', { as: 'with a wrong password', done: [] }, () => ({
    oldpass: 'wrong',
    newpass: PASSWORD,
    newpass2: PASSWORD,
  })),

  call('GET /admin/login', { expected: () => ['302 page'], reads: true, shows: 'named' }, () => ({
    path: '/admin/login',
  })),
  post('/admin/login', { expected: withAWrongPassword, shows: 'named' }, () => ({
    user_name: 'anna',
    password: 'wrong',
  })),
  page('GET /index/message', { reads: true }),
  page('POST /index/message', {}),
  ...['/install', '/install.php'].flatMap((path) =>
    ['GET', 'POST'].map((method) =>
      call(`${method} ${path}`, { as: 'once it is over', expected: () => ['404 page'], shows: 'named' }, () => ({
        path,
      })),
    ),
  ),
  ...['GET', 'POST'].map((method) =>
    call(`${method} /admin/weixin/callback`, { as: 'unsigned', expected: () => ['401 page'], shows: 'named' }, () => ({
      path: '/admin/weixin/callback?signature=x&timestamp=1&nonce=1&echostr=x',
    })),
  ),
  post('/admin/event', { expected: () => NO_SESSION, shows: 'named' }, () => ({ time_ms: 1, events: [] })),
];

/** Every answer is HTTP 200, 401, 403, 405, 413 or 429 with `{code, msg, data}`, or a page. */
export const WOLIVE: Dialect = {
  outcomeOf: ({ status, body }) => `${status} ${isReply(body) ? body.code : 'page'}`,
  isDone: (outcome) => ['200 0', '200 2', '200 page'].includes(outcome),
  shapeFault: ({ status, headers, body }) => {
    if (!isReply(body)) return typeof body === 'string' ? null : `no {code, msg}: ${JSON.stringify(body)}`;
    if (headers.get('content-type')?.startsWith('application/json') !== true) return 'is not called JSON';
    const isRefused = status !== 200 || ![0, 2].includes(body.code);
    if (isRefused && body.msg === '') return 'says nothing';
    return isRefused && 'data' in body ? 'answers data with a refusal' : null;
  },
};

function isReply(body: Answer<unknown>['body']): body is { code: number; msg: string } {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('msg' in body)) return false;
  return typeof body.code === 'number' && typeof body.msg === 'string';
}
