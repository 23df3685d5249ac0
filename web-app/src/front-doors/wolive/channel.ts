import { InvalidInput } from '../decode.ts';

/** A visitor's channel: hex of the UTF-8 bytes of `visiter_id/business_id`. */
export function channelOf(visiterId: string, businessId: string): string {
  return Buffer.from(`${visiterId}/${businessId}`, 'utf8').toString('hex');
}

/** The visitor that a channel names, split on the last `/`; null for anything that `channelOf` never makes. */
export function visiterOfChannel(channel: string, businessId: string): string | null {
  const name = Buffer.from(channel, 'hex').toString('utf8');
  const visiterId = name.slice(0, Math.max(0, name.lastIndexOf('/')));
  return channelOf(visiterId, businessId) === channel.toLowerCase() ? visiterId : null;
}

/**
 * Whom a call names: by `visiter_id`, by `channel`, or by both when they agree. Empty when by neither.
 * @throws InvalidInput
 */
export function visiterNamed(input: { visiter_id: string; channel: string }, businessId: string): string {
  if (input.channel === '') return input.visiter_id;
  const named = visiterOfChannel(input.channel, businessId);
  if (named === null || (input.visiter_id !== '' && named !== input.visiter_id)) {
    throw new InvalidInput([{ field: 'channel', message: 'is not the hex of visiter_id/business_id' }]);
  }
  return named;
}
