import { describe, expect, it } from 'vitest';
import { decodeClientFrame } from './codec.ts';

describe('frames from clients', () => {
  it('reads a subscribe as pusher-js sends it', () => {
    expect(decodeClientFrame('{"event":"pusher:subscribe","data":{"auth":"","channel":"a"}}')).toEqual({
      type: 'subscribe',
      channel: 'a',
      auth: '',
      channelData: null,
    });
  });

  it('F2: reads data that is a string of JSON', () => {
    const data = JSON.stringify({ channel: 'presence-a', auth: 'k:s', channel_data: '{"user_id":1}' });
    expect(decodeClientFrame(JSON.stringify({ event: 'pusher:subscribe', data }))).toEqual({
      type: 'subscribe',
      channel: 'presence-a',
      auth: 'k:s',
      channelData: '{"user_id":1}',
    });
  });

  it.each([
    ['"text"', '"text"'],
    ['{"a":[1,null]}', JSON.stringify('{"a":[1,null]}')],
    ['17', JSON.stringify('17')],
    ['null', JSON.stringify('null')],
    ['false', JSON.stringify('false')],
  ])('E5: data %s travels as the string %s', (sent, relayed) => {
    const message = decodeClientFrame(`{"event":"client-a","channel":"private-a","data":${sent}}`);
    expect(message).toMatchObject({ type: 'client-event', data: JSON.parse(relayed) as unknown });
  });

  it('E5: absent data stays absent', () => {
    expect(decodeClientFrame('{"event":"client-a","channel":"private-a"}')).toMatchObject({ data: null });
  });

  it.each([
    '',
    'null',
    '[]',
    '1',
    '"pusher:ping"',
    '{',
    '{}',
    '{"event":1}',
    '{"event":""}',
    '{"event":"pusher:subscribe"}',
    '{"event":"pusher:subscribe","data":null}',
    '{"event":"pusher:subscribe","data":[]}',
    '{"event":"pusher:subscribe","data":"{"}',
    '{"event":"pusher:subscribe","data":{"channel":5}}',
    '{"event":"pusher:subscribe","data":{"channel":"a","auth":5}}',
    '{"event":"pusher:subscribe","data":{"channel":"a","channel_data":{}}}',
    '{"event":"pusher:unsubscribe","data":{}}',
    '{"event":"pusher:signin","data":{"auth":"k:s"}}',
    '{"event":"pusher:signin","data":{"auth":1,"user_data":"{}"}}',
    '{"event":"client-a","data":1}',
    '{"event":"client-a","channel":{},"data":1}',
    '{"event":"pusher:client-a","channel":"private-a"}',
    '{"event":"foo-client-a","channel":"private-a"}',
    '{"event":"pusher_internal:member_added","channel":"presence-a","data":"{}"}',
  ])('F1, F4, F5: refuses %s', (text) => {
    expect(decodeClientFrame(text)).toMatchObject({ type: 'invalid' });
  });
});
