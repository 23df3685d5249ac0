import { DomainError } from '../../domain/errors.ts';
import type { Business } from '../../domain/model.ts';
import { NO_FIELDS, type LeaveMessageView } from '../../pages/leave-message.ts';
import { decode } from '../decode.ts';
import type { Call, FrontDoorDeps } from '../front-door.ts';
import { fieldsOf } from './legacy-call.ts';
import { messagePageRequest, messagePageQuery } from './wire.ts';

/** What `/index/message` shows, and of which business. */
export interface MessagePage {
  status: number;
  /** Null: there is none of this name. */
  business: Business | null;
  view: LeaveMessageView;
}

/** The form, empty. */
export async function showMessagePage({ services }: FrontDoorDeps, call: Call): Promise<MessagePage> {
  const query = messagePageQuery.safeParse(call.query);
  const business = query.success ? await services.businesses.bySlug(query.data.business_id) : null;
  if (business?.state !== 'open') return { status: 404, business, view: { kind: 'closed' } };
  return { status: 200, business, view: { kind: 'form', fields: NO_FIELDS, fault: null } };
}

/** Takes the form in; one that cannot be taken is shown again, with what was written in it. */
export async function takeMessagePage(deps: FrontDoorDeps, call: Call): Promise<MessagePage> {
  const shown = await showMessagePage(deps, call);
  if (shown.view.kind !== 'form' || shown.business === null) return shown;
  const { moblie, ...fields } = decode(messagePageRequest, fieldsOf(call));
  try {
    deps.rateLimiter.take('leave-messages', call.address);
    await deps.services.leaveMessages.leave(shown.business.id, { ...fields, phone: moblie, page: '', userId: null });
    return { ...shown, view: { kind: 'thanks' } };
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    return { ...shown, status: fault.status, view: { kind: 'form', fields: { moblie, ...fields }, fault: fault.kind } };
  }
}

function faultOf(error: unknown): { status: number; kind: 'empty' | 'tooLong' | 'tooOften' } | null {
  if (!(error instanceof DomainError)) return null;
  switch (error.code) {
    case 'empty_message':
      return { status: 422, kind: 'empty' };
    case 'rate_limited':
      return { status: 429, kind: 'tooOften' };
    case 'invalid':
      return { status: 422, kind: 'tooLong' };
    default:
      return null;
  }
}
