import { describe, expect, it } from 'vitest';
import type { ApiRealtimeEventData, ApiRealtimeEventName } from '../../../src/front-doors/console-api/wire-realtime.ts';
import { createEventLog, isAskedFor, type LoggedEvent } from './event-log.ts';
import { eventSubject, eventTone, readable } from './event-subject.ts';

const time = '2026-01-02T03:04:05.678Z';

function event(name: ApiRealtimeEventName, data: Omit<ApiRealtimeEventData, 'time'> = {}): LoggedEvent {
  return { id: 1, name, data: { time, ...data } };
}

describe('the log of events', () => {
  it('shows what came with the next flush, the newest first, and keeps the last 300', () => {
    const log = createEventLog();
    for (let count = 1; count <= 400; count += 1) log.add('dropped', { time, count });
    expect(log.shown.value).toEqual([]);
    log.flush();
    expect([log.shown.value.length, log.shown.value[0]?.data.count]).toEqual([300, 400]);
    log.add('dropped', { time, count: 401 });
    log.flush();
    expect([log.shown.value.length, log.shown.value[0]?.data.count]).toEqual([300, 401]);
  });

  it('holds what comes while paused, says how much, and is bounded then too', () => {
    const log = createEventLog();
    log.pause(true);
    for (let count = 1; count <= 2_000; count += 1) log.add('dropped', { time, count });
    log.flush();
    expect([log.shown.value.length, log.held.value]).toEqual([0, 2_000]);
    log.pause(false);
    expect([log.shown.value.length, log.shown.value[0]?.data.count, log.held.value]).toEqual([300, 2_000, 0]);
  });

  it('forgets everything when cleared', () => {
    const log = createEventLog();
    log.add('dropped', { time });
    log.clear();
    log.flush();
    expect(log.shown.value).toEqual([]);
  });
});

describe('the filter', () => {
  const said = event('api_event', { name: 'Price', channels: ['news', 'shop'] });

  it('looks at names and ids, whatever their case', () => {
    for (const words of ['', ' PRICE ', 'shop', 'api_']) expect(isAskedFor(said, 'all', words)).toBe(true);
    expect(isAskedFor(said, 'all', 'orders')).toBe(false);
  });

  it('takes one kind, and always a hole', () => {
    expect(isAskedFor(said, 'messages', '')).toBe(true);
    expect(isAskedFor(said, 'webhooks', '')).toBe(false);
    expect(isAskedFor(event('dropped', { count: 3 }), 'webhooks', '')).toBe(true);
  });
});

describe('an event in a line', () => {
  it.each([
    ['connection_opened', { socket_id: '1.2', client: 'js 8.6.0' }, 'came', '1.2 · js 8.6.0'],
    ['connection_closed', { socket_id: '1.2', user_id: null }, 'went', '1.2'],
    ['subscribed', { channel: 'news', socket_id: '1.2', user_id: 'ann' }, 'plain', 'news · ann'],
    ['api_event', { name: 'e', channels: ['a', 'b'] }, 'said', 'e · a, b'],
    [
      'client_event',
      { name: 'client-e', channel: 'private-a', socket_id: '1.2' },
      'said',
      'client-e · private-a · 1.2',
    ],
    ['webhook_attempt', { status: 204, event_names: ['x'] }, 'plain', '204 · x'],
    ['webhook_attempt', { status: null, error: 'ECONNREFUSED', event_names: [] }, 'failed', 'ECONNREFUSED'],
  ] as const)('%s %j', (name, data, tone, subject) => {
    const given = event(name, structuredClone(data) as Omit<ApiRealtimeEventData, 'time'>);
    expect([eventTone(given), eventSubject(given)]).toEqual([tone, subject]);
  });

  it('breaks JSON into lines and leaves other text alone', () => {
    expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(readable('{"a":')).toBe('{"a":');
  });
});
