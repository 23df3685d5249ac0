import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiMessage } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { ApiFailure } from '../api/http.ts';
import type { MessagesQuery, VisitorApi } from '../api/visitor-api.ts';
import { Pause } from '../pause.ts';
import { MessageList } from './message-list.ts';

const message = (seq: number, conversationId = 1) => ({ seq, conversationId, senderRole: 'agent' }) as ApiMessage;

/** A conversation of `length` messages behind the API. */
let length: number;
let asked: MessagesQuery[];
let refusal: ApiFailure | null;
let refused: unknown[];
let list: MessageList;

function page(_conversation: number, query: MessagesQuery): Promise<ApiMessage[]> {
  asked.push(query);
  if (refusal) return Promise.reject(refusal);
  const all = Array.from({ length }, (_, index) => message(index + 1));
  if (query.after_seq !== undefined) return Promise.resolve(all.slice(query.after_seq, query.after_seq + query.limit));
  return Promise.resolve(all.slice(0, (query.before_seq ?? length + 1) - 1).slice(-query.limit));
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const shown = () => list.timeline.value.map(({ seq }) => seq);

beforeEach(() => {
  length = 0;
  asked = [];
  refusal = null;
  refused = [];
  const api = { messages: page } as Partial<VisitorApi> as VisitorApi;
  list = new MessageList({ api, pause: new Pause(), refused: (failure) => refused.push(failure) });
});

describe('the loaded part of a conversation', () => {
  it('asks for nothing where nothing was said', () => {
    list.open(1, 0);
    expect(list.loaded.value).toBe(true);
    expect(list.complete).toBe(true);
    expect(asked).toEqual([]);
  });

  it('begins with the newest page, and goes back page by page to the first', async () => {
    length = 70;
    list.open(1, 70);
    await list.catchUp();
    expect(shown()).toEqual(range(41, 70));
    expect(list.complete).toBe(false);
    await list.loadOlder();
    await list.loadOlder();
    expect(shown()).toEqual(range(1, 70));
    expect(list.complete).toBe(true);
    const before = asked.length;
    await list.loadOlder();
    expect(asked).toHaveLength(before);
  });

  it('fetches what was missed, however much', async () => {
    length = 3;
    list.open(1, 3);
    await list.catchUp();
    length = 700;
    await list.catchUp();
    expect(shown()).toEqual(range(1, 700));
  });

  it('fills the gap that a message shows', async () => {
    length = 2;
    list.open(1, 2);
    await list.catchUp();
    length = 6;
    list.take([message(6)]);
    expect(shown()).toEqual([1, 2, 6]);
    await list.catchUp();
    expect(shown()).toEqual(range(1, 6));
    expect(asked.at(1)).toEqual({ after_seq: 2, limit: 200 });
  });

  it('drops what it has, and what is of another conversation', async () => {
    length = 2;
    list.open(1, 2);
    await list.catchUp();
    list.take([message(2), message(3, 99)]);
    expect(shown()).toEqual([1, 2]);
  });

  it('keeps a message that comes before the first page, and loads the page all the same', async () => {
    list.open(1, 0);
    length = 5;
    list.take([message(5)]);
    await list.catchUp();
    expect(shown()).toContain(5);
  });

  it('shows nothing of one conversation in another', async () => {
    length = 4;
    list.open(1, 4);
    await list.catchUp();
    list.open(2, 0);
    expect(shown()).toEqual([]);
  });

  it('says that it was refused', async () => {
    refusal = new ApiFailure(401, 'unauthorized');
    list.open(1, 5);
    await list.catchUp();
    expect(refused).toContain(refusal);
    expect(list.loaded.value).toBe(false);
  });
});
