import { z } from 'zod';
import { widgetFields } from '../domain/businesses/widget-settings.ts';

/** The bootstrap file. An unknown field is refused; a field that is left out leaves what the database has. */

const text = (max: number) => z.string().max(max);
const name = (max: number) => z.string().min(1).max(max);
const openOrClosed = z.enum(['open', 'close']);
const teamNumber = z.int().min(0).max(1_000_000);

const locale = z.string().refine(isLocale, 'is no language tag such as zh-CN');
const timezone = z.string().refine(isTimezone, 'is no time zone such as Asia/Shanghai');
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'is no time of day such as 09:00');
/** It becomes part of a header: nothing but a host, a leading `*.`, a scheme and a port. */
const domain = z
  .string()
  .regex(
    /^(https?:\/\/)?(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/i,
    'is no domain such as shop.example or *.example',
  );

const hours = z
  .strictObject({ days: z.array(z.int().min(1).max(7)).min(1).max(7), from: time, to: time })
  .refine((span) => span.from < span.to, 'must end after it begins');

const agent = z.strictObject({
  user_name: z.string().regex(/^[^\s\p{C}]{1,64}$/u, 'has 1 to 64 characters and no spaces'),
  nick_name: name(64).optional(),
  password: name(256).optional(),
  level: z.enum(['super_manager', 'manager', 'service']).optional(),
  uid: text(200).optional(),
  token: text(100).optional(),
  max_conversations: z.int().min(0).max(10_000).optional(),
  teams: z.array(teamNumber).max(1000).optional(),
});

const team = z.strictObject({
  team_id: teamNumber,
  name: text(100).optional(),
  logo: text(2048).optional(),
  assign: z.enum(['auto', 'claim', 'random']).optional(),
  offline_text: text(2000).optional(),
  hold_when_no_agent: z.boolean().optional(),
  timeout_s: z.int().min(0).max(86_400).optional(),
  drop_after_s: z.int().min(0).max(86_400).optional(),
  working_hours: z.array(hours).max(100).optional(),
});

const user = z.strictObject({
  uid: name(200),
  nickname: name(64).optional(),
  token: text(100).optional(),
  friends: z.array(name(200)).max(10_000).optional(),
});

const business = z.strictObject({
  business_id: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'has 1 to 64 letters, digits, dots, dashes or underscores'),
  name: name(100).optional(),
  state: openOrClosed.optional(),
  distribution_rule: z.enum(['auto', 'claim']).optional(),
  legacy_visitors: z.boolean().optional(),
  legacy_public_channels: z.boolean().optional(),
  encrypt_channels: z.boolean().optional(),
  video_state: openOrClosed.optional(),
  audio_state: openOrClosed.optional(),
  voice_state: openOrClosed.optional(),
  widget: z.strictObject(widgetFields).partial().optional(),
  blacklist_mode: z.enum(['silent', 'explicit']).optional(),
  identity_secret: text(256).optional(),
  identity_required: z.boolean().optional(),
  self_registration: z.boolean().optional(),
  allowed_domains: z.array(domain).max(200).optional(),
  app_id: name(100).optional(),
  secret: name(200).optional(),
  app_enabled: z.boolean().optional(),
  allow_multi_login: z.boolean().optional(),
  epid: name(100).optional(),
  public_key: text(200).optional(),
  guest_login: z.boolean().optional(),
  friends_only: z.boolean().optional(),
  api_key: name(200).optional(),
  locale: locale.optional(),
  timezone: timezone.optional(),
  greeting: text(2000).optional(),
  offline_text: text(2000).optional(),
  agents: z.array(agent).max(10_000).optional(),
  teams: z.array(team).max(1000).optional(),
  clients: z
    .array(z.strictObject({ login_name: name(100), password: text(256) }))
    .max(10_000)
    .optional(),
  users: z.array(user).max(100_000).optional(),
  questions: z
    .array(z.strictObject({ question: name(1000), answer: text(20_000) }))
    .max(10_000)
    .optional(),
});

export const bootstrapSchema = z.strictObject({ businesses: z.array(business).max(1000) });

export type BootstrapFile = z.output<typeof bootstrapSchema>;
export type BootstrapBusiness = BootstrapFile['businesses'][number];
export type BootstrapAgent = z.output<typeof agent>;
export type BootstrapTeam = z.output<typeof team>;
export type BootstrapUser = z.output<typeof user>;

function isLocale(tag: string): boolean {
  try {
    return tag.length <= 35 && Intl.getCanonicalLocales(tag).length === 1;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function isTimezone(zone: string): boolean {
  try {
    return zone.length <= 64 && new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
