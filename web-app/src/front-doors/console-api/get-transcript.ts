import { Readable } from 'node:stream';
import { DomainError } from '../../domain/errors.ts';
import { decode } from '../decode.ts';
import { conversationIdOf, type Endpoint } from './endpoint.ts';
import { apiMessages } from './presenter.ts';
import { transcriptHtml, transcriptText } from './transcript.ts';
import { transcriptQuery } from './wire.ts';

/** The newest; nobody reads more. */
const MOST = 5000;

const FORMATS = {
  text: { type: 'text/plain; charset=utf-8', extension: 'txt', write: transcriptText },
  html: { type: 'text/html; charset=utf-8', extension: 'html', write: transcriptHtml },
} as const;

/** `GET /conversations/:id/transcript?format=text|html`: what was said, to keep. */
export const getTranscript: Endpoint = {
  method: 'get',
  path: '/conversations/:id/transcript',
  access: 'either',
  async handle({ services, config }, who, call) {
    const { format } = decode(transcriptQuery, call.query);
    const { id } = await services.conversations.byId(who, conversationIdOf(call));
    const business = await services.businesses.byId(who.businessId);
    if (business === null) throw new DomainError('not_found', 'There is no such business');
    const said = await services.messages.between(who, id, {
      from: new Date(0),
      to: new Date(Date.now() + 1),
      limit: MOST,
    });
    const messages = await apiMessages(services, who.businessId, said);
    const { type, extension, write } = FORMATS[format];
    return {
      status: 200,
      stream: Readable.from([write(messages, { business, webUrl: config.webUrl })]),
      headers: {
        'Content-Type': type,
        'Content-Disposition': `attachment; filename="conversation-${id}.${extension}"`,
        'X-Content-Type-Options': 'nosniff',
      },
    };
  },
};
