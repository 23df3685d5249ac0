import { appSchema, type AppSettings } from './app.ts';
import { AppsFault, faultLines } from './apps-file.ts';

/** The columns of table `apps`, named as soketi's users know them, and the field of an app that each one fills. */
const FIELDS: Readonly<Record<string, keyof AppSettings>> = {
  id: 'id',
  key: 'key',
  secret: 'secret',
  previous_key: 'previousKey',
  previous_secret: 'previousSecret',
  enabled: 'enabled',
  max_connections: 'maxConnections',
  enable_client_messages: 'enableClientMessages',
  enable_user_authentication: 'enableUserAuthentication',
  enable_subscription_count: 'enableSubscriptionCount',
  tls_only: 'tlsOnly',
  allowed_origins: 'allowedOrigins',
  user_authentication_timeout_ms: 'userAuthenticationTimeoutMs',
  max_backend_events_per_sec: 'maxBackendEventsPerSecond',
  max_client_events_per_sec: 'maxClientEventsPerSecond',
  max_read_req_per_sec: 'maxReadRequestsPerSecond',
  max_presence_members_per_channel: 'maxPresenceMembersPerChannel',
  max_presence_member_size_in_kb: 'maxPresenceMemberSizeInKb',
  max_channel_name_length: 'maxChannelNameLength',
  max_event_channels_at_once: 'maxEventChannelsAtOnce',
  max_event_name_length: 'maxEventNameLength',
  max_event_payload_in_kb: 'maxEventPayloadInKb',
  max_event_batch_size: 'maxEventBatchSize',
  max_channels_per_connection: 'maxChannelsPerConnection',
  cache_ttl_seconds: 'cacheTtlSeconds',
  webhooks: 'webhooks',
};

/** What is read of the table; columns of somebody else's do no harm. */
export const APP_COLUMNS = Object.keys(FIELDS);

export type AppRow = Readonly<Record<string, unknown>>;

/** The app of a row; `null` in a column means the default. Throws `AppsFault` on a row that is no app. */
export function appOfRow(row: AppRow): AppSettings {
  const given = Object.entries(FIELDS).flatMap(([column, field]) => {
    const value = row[column] ?? null;
    return value === null ? [] : [[field, value] as const];
  });
  const parsed = appSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) throw new AppsFault(faultLines(`app ${String(row['id'])}`, parsed.error));
  return parsed.data;
}
