import { z } from 'zod';
import { widgetSettings } from './widget-settings.ts';

const openOrClosed = z.enum(['open', 'close']);

/** What a business chose and nothing is looked up by: column `businesses.settings`, validated whenever it is written. */
export const businessSettings = z.strictObject({
  greeting: z.string().max(2000).default(''),
  offlineText: z.string().max(2000).default(''),
  blacklistMode: z.enum(['silent', 'explicit']).default('silent'),
  audioState: openOrClosed.default('open'),
  videoState: openOrClosed.default('open'),
  voiceState: openOrClosed.default('open'),
  identityRequired: z.boolean().default(false),
  selfRegistration: z.boolean().default(false),
  allowMultiLogin: z.boolean().default(false),
  guestLogin: z.boolean().default(true),
  friendsOnly: z.boolean().default(true),
  widget: widgetSettings.prefault({}),
});

export type BusinessSettings = z.output<typeof businessSettings>;
