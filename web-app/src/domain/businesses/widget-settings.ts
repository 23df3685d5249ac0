import { z } from 'zod';
import { isPicture } from '../picture-rules.ts';

const words = (max: number) => z.string().max(max, `has up to ${max} characters`);
const MAX_RULES = 10;

/** It is put into a style: a colour and nothing else. */
const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'is no colour such as #2F6BFF');
const picture = z.string().refine(isPicture, 'begins with http://, https:// or /, and has up to 1024 characters');
const preChatFields = z
  .array(z.enum(['name', 'email', 'phone']))
  .max(3)
  .refine((fields) => new Set(fields).size === fields.length, 'names a field twice');
/** `page` is a part of the page's address, or a pattern of it with `*`. */
const proactive = z.strictObject({
  page: words(500),
  afterS: z.int().min(0).max(86_400),
  text: words(500).min(1, 'is empty'),
});

/** The fields of the widget's settings; what is left out of them has no default here. */
export const widgetFields = {
  accent: colour,
  position: z.enum(['right', 'left']),
  title: words(60),
  launcherText: words(40),
  avatar: picture,
  preChat: z.strictObject({ enabled: z.boolean(), fields: preChatFields.default(['name']) }),
  consent: z.enum(['auto', 'ask']),
  proactive: z.array(proactive).max(MAX_RULES, `holds up to ${MAX_RULES} messages`),
};

/** How a business's widget looks and behaves. */
export const widgetSettings = z.strictObject({
  accent: widgetFields.accent.default('#2F6BFF'),
  position: widgetFields.position.default('right'),
  title: widgetFields.title.default(''),
  launcherText: widgetFields.launcherText.default(''),
  avatar: widgetFields.avatar.default(''),
  preChat: widgetFields.preChat.default({ enabled: false, fields: ['name'] }),
  consent: widgetFields.consent.default('auto'),
  proactive: widgetFields.proactive.default([]),
});
