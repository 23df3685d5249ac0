import { z } from 'zod';

/**
 * The fields of WoLive's calls, as forms (all strings) and as JSON (numbers too). Spellings are the wire's.
 * Bounds: `wolive_*` columns where the domain has none of its own.
 */

const word = (max: number) => z.union([z.string(), z.number()]).transform(String).pipe(z.string().max(max));
const optionalWord = (max: number) => word(max).default('');
/** Nine digits: what fits an `int` of the database. */
const number = word(9).pipe(z.string().regex(/^\d*$/, 'must be a number')).transform(Number).default(0);

const speaker = {
  business_id: word(64).pipe(z.string().min(1)),
  visiter_id: optionalWord(200),
  channel: optionalWord(512),
  visitor_token: optionalWord(200),
  /** Hex HMAC-SHA256 of visiter_id, from a site that signs its visitors. */
  hash: optionalWord(128),
};

/** The page that the visitor is on; `from_url` is the table's name for it. */
const page = { record: optionalWord(2048), from_url: optionalWord(2048) };

/** `/admin/event/notice`. */
export const noticeRequest = z.object({
  ...speaker,
  ...page,
  avatar: optionalWord(1024),
  visiter_name: optionalWord(255),
  groupid: number,
});

/** `/admin/event/chats` and `/admin/event/chat`. `client_id` is ours: makes a repeated send harmless. */
export const visiterChatRequest = z.object({
  ...speaker,
  ...page,
  service_id: number,
  content: z.string(),
  client_id: optionalWord(64),
});

/** `/admin/event/upload` and `uploadfile`: with all three of the ids the file is a message too. */
export const uploadRequest = z.object({
  ...speaker,
  ...page,
  business_id: optionalWord(64),
  service_id: number,
  client_id: optionalWord(64),
});

/** `/admin/event/getquestion`, `gettablist`. */
export const pagesRequest = z.object({ business_id: speaker.business_id });

/** `/admin/event/getanswer`. */
export const answerRequest = z.object({ ...speaker, ...page, qid: number });

/** `/admin/event/message`; the document writes `moblie`. */
export const leaveMessageRequest = z.object({
  ...speaker,
  ...page,
  content: z.string(),
  name: optionalWord(255),
  moblie: optionalWord(255),
  mobile: optionalWord(255),
  email: optionalWord(255),
});

/** `/index/message?business_id=`, and its form; how long a field may be is for the page to say. */
export const messagePageQuery = z.object({ business_id: word(64) });
export const messagePageRequest = z.object({
  content: z.string().default(''),
  name: z.string().default(''),
  moblie: z.string().default(''),
  email: z.string().default(''),
});

/** `/admin/manager/addquestion`. */
export const questionRequest = z.object({
  question: z.string(),
  answer: z.string().default(''),
  answer_read: z.string().default(''),
  qid: number,
});

/** `/admin/set/gettab`. */
export const tabRequest = z.object({
  title: z.string(),
  content: z.string().default(''),
  content_read: z.string().default(''),
  tid: number,
});

/** `/admin/manager/cmtalk`. */
export const greetingRequest = z.object({ content: z.string() });

const password = z.string().min(8, 'must have at least 8 characters').max(256);

/** `/admin/manager/registForService`; the document has no `level`: an agent without one is a `service`. */
export const registerRequest = z
  .object({
    user_name: word(16).pipe(z.string().regex(/^[A-Za-z0-9]+$/, 'must be 1 to 16 letters and digits')),
    nick_name: optionalWord(20),
    password,
    password2: z.string(),
    phone: optionalWord(40),
    email: optionalWord(254),
    avatar: optionalWord(1024),
    level: z.enum(['super_manager', 'manager', 'service']).default('service'),
  })
  .refine((input) => input.password === input.password2, { path: ['password2'], message: 'is not the same' });

/** `/admin/manager/update`: what is absent stays. */
export const profileRequest = z.object({
  user_name: word(64).optional(),
  nick_name: word(64).optional(),
  phone: word(40).optional(),
  email: word(254).optional(),
  /** Checked here, so that what stands beside it is not changed without it. */
  company: word(100).pipe(z.string().trim().min(1, 'is empty')).optional(),
  avatar: word(1024).optional(),
});

/** `/admin/manager/modify`. */
export const passwordRequest = z
  .object({ oldpass: z.string().min(1).max(256), newpass: password, newpass2: z.string() })
  .refine((input) => input.newpass === input.newpass2, { path: ['newpass2'], message: 'is not the same' });

const named = { visiter_id: optionalWord(200), channel: optionalWord(512) };

const kind = z.enum(['audio', 'video']).default('video');
const room = word(64).pipe(z.string().min(1));

/** `/admin/event/apply`; the agent is the visitor's, whatever `service_id` says, unless it names another. */
export const visiterApplyRequest = z.object({ ...speaker, ...page, service_id: number, kind });

/** `/admin/event/refuse`. */
export const visiterRefuseRequest = z.object({ ...speaker, ...page, room });

/** `/admin/set/apply`. */
export const serviceApplyRequest = z.object({ ...named, kind });

/** `/admin/set/refuse`. */
export const serviceRefuseRequest = z.object({ room });

/** `/admin/set/chats`. */
export const serviceChatRequest = z.object({ ...named, content: z.string(), client_id: optionalWord(64) });

/** `/admin/set/get`, and the calls that name a visitor and nothing else. */
export const claimRequest = z.object(named);

/** `/admin/set/getswitch`. */
export const transferRequest = z.object({ ...named, id: number });

/** `/admin/set/getvisiters`. */
export const metByRequest = z.object({ service: word(64).pipe(z.string().min(1)) });

/** `/admin/set/getviews`. */
export const viewsRequest = z.object({ ...named, puttime: word(20) });

/** `/admin/set/getdesignForViews`. */
export const rangeRequest = z.object({ ...named, start: word(20), end: word(20) });

/** `/admin/event/chatdata`: `hid` is the `cid` before which is read. */
export const chatDataRequest = z.object({ ...speaker, ...page, hid: number });

/** `/admin/weixin/bind`. */
export const weixinRequest = z.object({ open_id: optionalWord(128) });

/** `POST /admin/login`. */
export const loginRequest = z.object({
  user_name: word(64).pipe(z.string().min(1)),
  password: z.string().min(1).max(256),
});
