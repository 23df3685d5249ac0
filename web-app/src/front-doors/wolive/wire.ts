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

const named = { visiter_id: optionalWord(200), channel: optionalWord(512) };

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

/** `POST /admin/login`. */
export const loginRequest = z.object({
  user_name: word(64).pipe(z.string().min(1)),
  password: z.string().min(1).max(256),
});
