import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalCluster } from '../cluster/local-cluster.ts';
import type { RestReply } from '../transport/uws-http.ts';
import { RestError } from './errors.ts';
import { idempotencyKey, once } from './idempotency.ts';

describe('idempotency', () => {
  let cluster: LocalCluster;
  let performed: number;
  beforeEach(() => {
    cluster = new LocalCluster({ webhookDelayMs: 0 });
    performed = 0;
  });
  afterEach(() => cluster.close());

  const ask = async (request: unknown, perform?: () => RestReply | Promise<RestReply>): Promise<RestReply> =>
    once({ cluster }, 'app', 'k', request, () => {
      performed += 1;
      return perform?.() ?? { status: 200, body: '{"n":1}' };
    });

  it('H40: does the same request once and answers it twice', async () => {
    const answers = await Promise.all([ask({ a: 1 }), ask({ a: 1 })]);
    expect(answers.map(({ body }) => body)).toEqual(['{"n":1}', '{"n":1}']);
    expect(performed).toBe(1);
  });

  it('H40: another request under the same key is 422', async () => {
    await ask({ a: 1 });
    await expect(ask({ a: 2 })).rejects.toMatchObject({ status: 422 });
    expect(performed).toBe(1);
  });

  it('H40: a repeat of what is not answered is 409 after two seconds, with Retry-After', async () => {
    void ask({ a: 1 }, () => new Promise(() => undefined));
    const startedAt = performance.now();
    await expect(ask({ a: 1 })).rejects.toMatchObject({ status: 409, retryAfter: 1 });
    expect(performance.now() - startedAt).toBeGreaterThan(1_900);
    expect(performed).toBe(1);
  });

  it('H41: a refusal gives the key back', async () => {
    const refuse = () => {
      throw new RestError(429, 'too many', 1);
    };
    await expect(ask({ a: 1 }, refuse)).rejects.toMatchObject({ status: 429 });
    expect(await ask({ a: 2 })).toMatchObject({ status: 200 });
  });

  it('H40: a failure of ours keeps the key, since something may have been published', async () => {
    const fail = () => Promise.reject(new Error('broken'));
    await expect(ask({ a: 1 }, fail)).rejects.toThrow('broken');
    await expect(ask({ a: 1 })).rejects.toMatchObject({ status: 409 });
    expect(performed).toBe(1);
  });

  it.each([[''], [5], ['x'.repeat(201)], [{}]])('H40: %j is no key', (key) => {
    expect(() => idempotencyKey({ idempotency_key: key })).toThrow(RestError);
  });

  it('H40: no key, no claim', () => {
    expect(idempotencyKey({})).toBeNull();
    expect(once({ cluster }, 'app', null, {}, () => ({ status: 200, body: '{}' }))).toEqual({
      status: 200,
      body: '{}',
    });
  });
});
