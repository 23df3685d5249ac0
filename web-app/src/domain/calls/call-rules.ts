import type { Actor } from '../actor.ts';
import type { Business, Call, CallKind } from '../model.ts';

/** How long somebody may take to answer. */
export const RING_SECONDS = 45;
/** A call of which neither side has said for so long that it goes on is over: both pages are gone. */
export const SILENCE_SECONDS = 60;

const ROOM = /^[0-9a-f]{32}$/;

export function isRoom(room: string): boolean {
  return ROOM.test(room);
}

export function isSwitchedOn(business: Pick<Business, 'audioState' | 'videoState'>, kind: CallKind): boolean {
  return (kind === 'audio' ? business.audioState : business.videoState) === 'open';
}

/** Null: not one of the two. */
export function sideOf(actor: Actor, call: Call): 'caller' | 'callee' | null {
  if (actor.businessId !== call.businessId) return null;
  const role = actor.kind === 'agent' ? 'agent' : 'customer';
  if (actor.userId !== (role === 'agent' ? call.agentId : call.customerId)) return null;
  return role === call.callerRole ? 'caller' : 'callee';
}

/** What a call becomes when this side puts an end to it. */
export function outcomeOf(state: Call['state'], side: 'caller' | 'callee'): 'refused' | 'missed' | 'ended' {
  if (state !== 'ringing') return 'ended';
  return side === 'callee' ? 'refused' : 'missed';
}
