import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { graceAfterWebhook, receiveWebhook, type WebhookDeps } from './webhook.ts';

const visitorChannel = Buffer.from('u1/acme').toString('hex');
const NOW = Date.parse('2026-11-22T10:00:00Z');

/** Records what presence was told; agent 5 and visitor 20 belong to business 1. */
function receiver(options: { legacyPublicChannels?: boolean } = {}) {
  const told: string[] = [];
  const business = { id: 1, slug: 'acme', legacyPublicChannels: options.legacyPublicChannels ?? false };
  const deps = {
    key: 'key-1',
    secret: 'secret-1',
    graceAfterWebhookMs: graceAfterWebhook(3000),
    now: () => NOW,
    services: {
      businesses: {
        byId: (id: number) => Promise.resolve(id === 1 ? business : null),
        bySlug: (slug: string) => Promise.resolve(slug === 'acme' ? business : null),
      },
      agents: { byUserId: (id: number) => Promise.resolve(id === 5 ? { id: 5, businessId: 1 } : null) },
      visitors: {
        byChannel: (_id: number, channel: string) => Promise.resolve(channel === visitorChannel ? { id: 20 } : null),
      },
      presence: {
        held: (userId: number) => Promise.resolve(void told.push(`held ${userId}`)),
        left: (userId: number, dueAt: Date) =>
          Promise.resolve(void told.push(`left ${userId}, due in ${dueAt.getTime() - NOW} ms`)),
      },
    },
  } as unknown as WebhookDeps;
  async function post(body: unknown, headers: Record<string, string> = {}) {
    const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const signature = createHmac('sha256', 'secret-1').update(raw).digest('hex');
    return receiveWebhook(deps, raw, { 'x-pusher-key': 'key-1', 'x-pusher-signature': signature, ...headers });
  }
  return { post, told };
}

const event = (name: string, channel: string) => ({ time_ms: NOW, events: [{ name, channel }] });

describe('the webhook receiver', () => {
  it.each(['channel_occupied', 'channel_added'])('takes %s as holding', async (name) => {
    const { post, told } = receiver();
    expect(await post(event(name, 'private-kefu5'))).toBe('ok');
    expect(await post(event(name, `private-encrypted-cu${visitorChannel}`))).toBe('ok');
    expect(told).toEqual(['held 5', 'held 20']);
  });

  it.each(['channel_vacated', 'channel_removed'])('takes %s as leaving, due 8 s after the disconnect', async (name) => {
    const { post, told } = receiver();
    await post(event(name, `private-cu${visitorChannel}`));
    expect(told).toEqual(['left 20, due in 5000 ms']);
  });

  it('keeps the order of a batch', async () => {
    const { post, told } = receiver();
    const events = ['channel_removed', 'channel_added'].map((name) => ({ name, channel: 'private-kefu5' }));
    await post({ time_ms: NOW, events });
    expect(told).toEqual(['left 5, due in 5000 ms', 'held 5']);
  });

  it('counts plain names only while the business has legacy_public_channels', async () => {
    const off = receiver();
    await off.post(event('channel_added', 'kefu5'));
    await off.post(event('channel_added', `cu${visitorChannel}`));
    expect(off.told).toEqual([]);
    const on = receiver({ legacyPublicChannels: true });
    await on.post(event('channel_added', 'kefu5'));
    await on.post(event('channel_added', `cu${visitorChannel}`));
    expect(on.told).toEqual(['held 5', 'held 20']);
  });

  it.each(['private-kefu6', 'private-se5', 'private-ud5', 'private-allacme', 'presence-kefu5', 'my-channel', 'cuzz'])(
    'proves nobody’s presence by %s',
    async (channel) => {
      const { post, told } = receiver({ legacyPublicChannels: true });
      expect(await post(event('channel_added', channel))).toBe('ok');
      expect(told).toEqual([]);
    },
  );

  it('passes over other kinds of events', async () => {
    const { post, told } = receiver();
    const events = [
      { name: 'client_event', channel: 'private-kefu5', event: 'client-x', data: '{}', socket_id: '1.2' },
    ];
    expect(await post({ time_ms: NOW, events })).toBe('ok');
    expect(told).toEqual([]);
  });

  it('refuses a wrong key, a wrong or missing signature, and one over other bytes', async () => {
    const { post, told } = receiver();
    const body = event('channel_added', 'private-kefu5');
    expect(await post(body, { 'x-pusher-key': 'key-2' })).toBe('bad_signature');
    expect(await post(body, { 'x-pusher-signature': '' })).toBe('bad_signature');
    expect(await post(body, { 'x-pusher-signature': 'f'.repeat(64) })).toBe('bad_signature');
    const other = createHmac('sha256', 'secret-1')
      .update(` ${JSON.stringify(body)}`)
      .digest('hex');
    expect(await post(body, { 'x-pusher-signature': other })).toBe('bad_signature');
    expect(told).toEqual([]);
  });

  it.each(['', '{', '[]', '{"events":{}}', '{"events":[{"channel":"private-kefu5"}]}', '{"events":[7]}'])(
    'calls %j malformed',
    async (body) => {
      expect(await receiver().post(body)).toBe('malformed');
    },
  );
});
