import type { FileRow, MessageContent } from '../model.ts';
import { wellFormed } from '../text-rules.ts';

/** Of one file, as the source document's server takes them (`client_max_body_size 18M`). */
export const MAX_FILE_BYTES = 18 * 1024 * 1024;
/** In an address each may take twelve, and an event has to hold it several times. */
const MAX_NAME_CHARACTERS = 120;
/** More would cost a browser hundreds of megabytes to show. */
export const MAX_IMAGE_PIXELS = 50_000_000;

/** What every browser shows and none runs. Anything else is only ever offered as a download. */
export const SHOWN_IMAGES: ReadonlySet<string> = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/gif',
  'image/webp',
]);
/** What browsers record and play. */
const PLAYED_AUDIO: ReadonlySet<string> = new Set([
  'audio/webm',
  'audio/ogg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/mpeg',
  'audio/wav',
  'audio/aac',
]);

/** Recorders call it video though there is only sound in it. */
const SOUND_CONTAINERS: Readonly<Record<string, string>> = {
  'video/webm': 'audio/webm',
  'video/ogg': 'audio/ogg',
  'video/mp4': 'audio/mp4',
  'application/ogg': 'audio/ogg',
  'audio/opus': 'audio/ogg',
};

/** As what a voice message is played; null for what no browser plays. */
export function playedAs(type: string): string | null {
  const played = SOUND_CONTAINERS[type] ?? type;
  return PLAYED_AUDIO.has(played) ? played : null;
}

/** Control characters, those that turn the direction of writing, and what no file system takes. */
const NOT_IN_NAMES = /[\p{Cc}<>:"|?*\u202a-\u202e\u2066-\u2069]/gu;

/** The last part of any path, without what a file name may not hold. Never empty, never `.` or `..`. */
export function fileName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const name = shortened(wellFormed(last.replaceAll(NOT_IN_NAMES, '_').trim()));
  return /^\.*$/.test(name) ? 'file' : name;
}

/** Keeps the ending: it is what people go by. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= MAX_NAME_CHARACTERS) return name;
  const ending = /\.[^.]{1,10}$/u.exec(name)?.[0] ?? '';
  return letters.slice(0, MAX_NAME_CHARACTERS - [...ending].length).join('') + ending;
}

/** A message about this file of the kind that its sender asked for; null when it is no such file. */
export function messageAbout(
  file: FileRow,
  asked: { type: 'image' | 'file' } | { type: 'voice'; durationMs: number },
): MessageContent | null {
  const { key, name, size, width, height } = file;
  switch (asked.type) {
    case 'file':
      return { type: 'file', content: { key, name, size } };
    case 'image':
      return width === null || height === null ? null : { type: 'image', content: { key, name, size, width, height } };
    case 'voice':
      if (playedAs(file.type) === null) return null;
      return { type: 'voice', content: { key, name, size, durationMs: asked.durationMs } };
    default:
      return asked satisfies never;
  }
}
