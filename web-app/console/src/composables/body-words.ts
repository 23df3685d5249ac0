import type { ApiMessageBody } from '../../../src/front-doors/console-api/wire.ts';

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** What was said, as one line of text; what is no text is named in the reader's language. */
export function bodyWords(t: Translate, body: Exclude<ApiMessageBody, { type: 'system' }>): string {
  switch (body.type) {
    case 'text':
      return body.content.text;
    case 'image':
      return t('kind.image');
    case 'file':
      return t('kind.file', { name: body.content.name });
    case 'voice':
      return t('kind.voice');
    case 'card':
      return t('kind.card', { title: body.content.title });
    case 'call':
      return t('kind.call');
    default:
      return body satisfies never;
  }
}
