import { describe, expect, it } from 'vitest';
import { describeRedis, parseRedisUrl, RedisUrlFault } from './redis-url.ts';

const open = { tls: false, username: null, password: null };

describe('REDIS_URL', () => {
  it('names one server', () => {
    expect(parseRedisUrl('redis://cache')).toEqual({
      kind: 'server',
      ...open,
      address: { host: 'cache', port: 6379 },
      db: 0,
    });
    expect(parseRedisUrl('rediss://ann:p%40ss@[::1]:7000/3')).toEqual({
      kind: 'server',
      tls: true,
      username: 'ann',
      password: 'p@ss',
      address: { host: '::1', port: 7000 },
      db: 3,
    });
    expect(parseRedisUrl('redis://:secret@cache/')).toMatchObject({ username: null, password: 'secret', db: 0 });
  });

  it('names the first addresses of a Redis Cluster', () => {
    expect(parseRedisUrl('redis-cluster://a:7000,b')).toEqual({
      kind: 'cluster',
      ...open,
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
      ],
    });
    expect(parseRedisUrl('rediss-cluster://u:p@a')).toMatchObject({ kind: 'cluster', tls: true, username: 'u' });
  });

  it('names Sentinels and what they watch', () => {
    expect(parseRedisUrl('redis-sentinel://a,b:26380/2?name=mymaster&sentinelPassword=x')).toEqual({
      kind: 'sentinel',
      ...open,
      sentinels: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 26380 },
      ],
      name: 'mymaster',
      sentinelPassword: 'x',
      db: 2,
    });
  });

  it.each([
    ['cache:6379', /must be redis:/],
    ['http://cache', /must be redis:/],
    ['redis://', /must be redis:/],
    ['redis://cache:0', /must be redis:/],
    ['redis://cache:99999', /must be redis:/],
    ['redis://a,b', /must name one server/],
    ['redis://a/zero', /number of a database/],
    ['redis://a?tls=1', /parameter that is not known: tls/],
    ['redis-cluster://a/1', /must not name a database/],
    ['redis-sentinel://a', /\?name=NAME/],
    ['redis://%E0%A4%A@a', /percent-encoded/],
  ])('refuses %s', (text, why) => {
    expect(() => parseRedisUrl(text)).toThrow(RedisUrlFault);
    expect(() => parseRedisUrl(text)).toThrow(why);
  });

  it('is told without its secrets', () => {
    expect(describeRedis(parseRedisUrl('redis://ann:secret@[::1]/1'))).toBe('redis://[::1]:6379/1');
    expect(describeRedis(parseRedisUrl('rediss-cluster://:secret@a,b:1'))).toBe('rediss-cluster://a:6379,b:1');
    expect(describeRedis(parseRedisUrl('redis-sentinel://a?name=m&sentinelPassword=x'))).toBe(
      'redis-sentinel://a:26379/0?name=m',
    );
  });
});
