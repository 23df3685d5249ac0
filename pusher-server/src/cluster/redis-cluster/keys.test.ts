import { describe, expect, it } from 'vitest';
import { bucketOf, KeyNames } from './keys.ts';

describe('the names in Redis', () => {
  it('K1: a channel’s bucket is the checksum of app and name', () => {
    expect(bucketOf('app', 'presence-raum-ü')).toBe(190);
    expect(bucketOf('app', 'news')).toBe(234);
  });

  it('K1: what belongs to a channel has the bucket as its hash tag, whatever the app is called', () => {
    const keys = new KeyNames('openkefu:');
    expect(keys.channel(17, 'a:{b}/ü', 'news')).toBe('openkefu:{17}:c:a%3A%7Bb%7D%2F%C3%BC:news');
    expect(keys.occupied(17, 'a')).toBe('openkefu:{17}:o:a');
    expect(keys.facts(3)).toBe('openkefu:{3}:facts');
    expect(keys.nodes).toBe('openkefu:{nodes}');
  });
});
