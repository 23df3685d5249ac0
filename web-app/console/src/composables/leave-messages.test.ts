import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ApiLeaveMessage } from '../../../src/front-doors/console-api/wire.ts';
import { ApiError } from '../api/api-error.ts';
import { createLeaveMessageList, type LeaveMessageList } from './leave-messages.ts';

const PAGE = 2;
let ids: number[];
let down: boolean;
let list: LeaveMessageList;

const left = (id: number): ApiLeaveMessage => ({
  id,
  userId: null,
  name: 'Lin',
  phone: '',
  email: '',
  content: `message ${id}`,
  page: '',
  createdAt: '2026-11-22T08:00:00.000Z',
});
const settled = () => vi.advanceTimersByTimeAsync(0);
const shown = () => list.items.map(({ id }) => id);

beforeEach(async () => {
  vi.useFakeTimers();
  ids = [5, 4, 3, 2, 1];
  down = false;
  list = createLeaveMessageList({
    leaveMessages(after) {
      if (down) return Promise.reject(new ApiError(0, 'unreachable', 'no answer'));
      const rest = ids.filter((id) => after === null || id < Number(after));
      const page = rest.slice(0, PAGE);
      return Promise.resolve({ items: page.map(left), next: rest.length > PAGE ? String(page.at(-1)) : null });
    },
  });
  await settled();
});
afterEach(() => {
  list.close();
  vi.useRealTimers();
});

it('what was left is read page by page, the newest first', async () => {
  expect([shown(), list.hasMore]).toEqual([[5, 4], true]);
  await list.loadMore();
  await list.loadMore();
  expect([shown(), list.hasMore]).toEqual([[5, 4, 3, 2, 1], false]);
});

it('what is new joins what is shown, and after a gap one begins anew', async () => {
  await list.loadMore();
  ids = [6, ...ids];
  list.refresh();
  await settled();
  expect(shown()).toEqual([6, 5, 4, 3, 2]);
  ids = [9, 8, 7, ...ids];
  list.refresh();
  await settled();
  expect([shown(), list.hasMore]).toEqual([[9, 8], true]);
});

it('what was read stays while it cannot be read again', async () => {
  down = true;
  list.refresh();
  await settled();
  await list.loadMore();
  expect([shown(), list.problem, list.more]).toEqual([[5, 4], 'unreachable', 'failed']);
  down = false;
  list.refresh();
  await settled();
  expect(list.problem).toBeNull();
});
