import { z } from 'zod';
import { SigningKey } from '../protocol/signing-key.ts';

/** The names of webhook events, always Pusher's own; a dialect may send them under another name. */
export const WEBHOOK_EVENT_TYPES = [
  'channel_occupied',
  'channel_vacated',
  'member_added',
  'member_removed',
  'client_event',
  'cache_miss',
  'subscription_count',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

function strictObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, { error: unknownField });
}

const limit = (fallback: number) =>
  z
    .number()
    .refine((value) => value === -1 || value >= 0, 'a number, or -1 for no limit')
    .default(fallback);

/** A field that nobody reads is most often a misspelt one, so it is refused by its name. */
const unknownField: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'unrecognized_keys' ? `unknown field ${issue.keys.join(', ')}` : undefined;

/** A webhook as it is configured: where it goes, and what of. */
export const webhookSchema = strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/), z.string().regex(/^[^\r\n\0]*$/)).default({}),
  dialect: z.enum(['pusher', 'wolive']).default('pusher'),
  event_types: z.array(z.enum(WEBHOOK_EVENT_TYPES)).default([...WEBHOOK_EVENT_TYPES]),
  filter: strictObject({
    channel_name_starts_with: z.string().default(''),
    channel_name_ends_with: z.string().default(''),
  }).default({ channel_name_starts_with: '', channel_name_ends_with: '' }),
});
export type Webhook = Readonly<z.infer<typeof webhookSchema>>;

const text = z.string().min(1);

/** An app as it is configured, under the names that users of soketi already have; −1 means no limit. */
export const appSchema = strictObject({
  id: text.regex(/^[^/\s]+$/, 'has no slash and no space'),
  key: text.regex(/^[^:/\s]+$/, 'has no colon, slash or space'),
  secret: text,
  enabled: z.boolean().default(true),
  maxConnections: limit(-1),
  enableClientMessages: z.boolean().default(true),
  enableUserAuthentication: z.boolean().default(true),
  enableSubscriptionCount: z.boolean().default(false),
  tlsOnly: z.boolean().default(false),
  allowedOrigins: z.array(z.string()).default(['*']),
  userAuthenticationTimeoutMs: z.number().min(0).default(0),
  maxBackendEventsPerSecond: limit(-1),
  maxClientEventsPerSecond: limit(10),
  maxReadRequestsPerSecond: limit(-1),
  maxPresenceMembersPerChannel: limit(100),
  maxPresenceMemberSizeInKb: limit(2),
  maxChannelNameLength: limit(200),
  maxEventChannelsAtOnce: limit(100),
  maxEventNameLength: limit(200),
  maxEventPayloadInKb: limit(10),
  maxEventBatchSize: limit(10),
  maxChannelsPerConnection: limit(-1),
  cacheTtlSeconds: z.number().min(1).default(1800),
  previousKey: text.nullable().default(null),
  previousSecret: text.nullable().default(null),
  webhooks: z.array(webhookSchema).default([]),
}).refine((app) => (app.previousKey === null) === (app.previousSecret === null), {
  message: 'previousKey and previousSecret go together',
});
export type AppSettings = Readonly<z.infer<typeof appSchema>>;
export type AppInput = z.input<typeof appSchema>;

/** A key and its secret, the secret made ready for signing. */
export interface AppCredentials {
  readonly key: string;
  readonly secret: SigningKey;
}

/** An app's settings with what is worked out once instead of on every message. Limits are `Infinity` where there is none. */
export interface App {
  readonly settings: AppSettings;
  readonly id: string;
  /** The present pair, then the previous one while a secret is being replaced. */
  readonly credentials: readonly [AppCredentials, ...AppCredentials[]];
  readonly maxConnections: number;
  readonly maxChannelNameLength: number;
  readonly maxEventNameLength: number;
  readonly maxPayloadBytes: number;
  readonly maxMemberBytes: number;
  readonly maxMembers: number;
  readonly maxChannelsPerConnection: number;
  readonly maxChannelsPerEvent: number;
  readonly maxBatchSize: number;
  readonly maxClientEventsPerSecond: number;
  readonly maxBackendEventsPerSecond: number;
  readonly maxReadRequestsPerSecond: number;
  /** The webhook events that at least one webhook of the app asks for. */
  readonly webhookEvents: ReadonlySet<WebhookEventType>;
}

/** Makes an app ready for use. */
export function prepareApp(settings: AppSettings): App {
  const present = { key: settings.key, secret: new SigningKey(settings.secret) };
  const previous =
    settings.previousKey !== null && settings.previousSecret !== null
      ? [{ key: settings.previousKey, secret: new SigningKey(settings.previousSecret) }]
      : [];
  return {
    settings,
    id: settings.id,
    credentials: [present, ...previous],
    maxConnections: bound(settings.maxConnections),
    maxChannelNameLength: bound(settings.maxChannelNameLength),
    maxEventNameLength: bound(settings.maxEventNameLength),
    maxPayloadBytes: bound(settings.maxEventPayloadInKb) * 1024,
    maxMemberBytes: bound(settings.maxPresenceMemberSizeInKb) * 1024,
    maxMembers: bound(settings.maxPresenceMembersPerChannel),
    maxChannelsPerConnection: bound(settings.maxChannelsPerConnection),
    maxChannelsPerEvent: bound(settings.maxEventChannelsAtOnce),
    maxBatchSize: bound(settings.maxEventBatchSize),
    maxClientEventsPerSecond: bound(settings.maxClientEventsPerSecond),
    maxBackendEventsPerSecond: bound(settings.maxBackendEventsPerSecond),
    maxReadRequestsPerSecond: bound(settings.maxReadRequestsPerSecond),
    webhookEvents: new Set(settings.webhooks.flatMap((webhook) => webhook.event_types)),
  };
}

function bound(configured: number): number {
  return configured === -1 ? Infinity : configured;
}

/** How a signature was found: `unknown-key` when the key it came with is none of the app's. */
export type SignatureVerdict = 'good' | 'bad' | 'unknown-key';

/**
 * Whether something was signed with a secret that the app has for this key. While a secret is being replaced there may
 * be two for one key; `isGood` is asked for each of them.
 */
export function judgeSignature(
  app: App,
  key: string,
  isGood: (credentials: AppCredentials) => boolean,
): SignatureVerdict {
  let verdict: SignatureVerdict = 'unknown-key';
  for (const credentials of app.credentials) {
    if (credentials.key !== key) continue;
    if (isGood(credentials)) return 'good';
    verdict = 'bad';
  }
  return verdict;
}
