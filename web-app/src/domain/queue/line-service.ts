import { tell } from '../../db/outbox-writer.ts';
import type { Told } from '../../db/outbox-writer.ts';
import type { Work } from '../../db/unit-of-work.ts';
import type { Addresses } from '../conversations/addresses-service.ts';
import type { ConversationRecord } from '../conversations/conversation-record.ts';
import type { LineChanged } from '../events.ts';
import { createRequestsStore, requestStatus } from './requests-store.ts';
import type { WaitRequest } from './requests-store.ts';

/** A team's line: who joins, who is taken, who gives up, and everybody's place. */
export interface Lines {
  length(teamId: number): Promise<number>;
  /** Null when the conversation does not wait. */
  placeOf(conversationId: number): Promise<{ place: number; waiting: number } | null>;
  /** Seconds; null when the conversation does not wait, or nothing is known. */
  estimateOf(conversationId: number): Promise<number | null>;
  /** The customer asked again. False: it waits no more. */
  touch(conversationId: number): Promise<boolean>;
  teamsWaiting(businessId: number): Promise<number[]>;
  /** The conversation is locked and in state `waiting`. `refusedBy` gave the customer away. */
  join(conversation: ConversationRecord, origin: string, refusedBy?: readonly number[]): Promise<void>;
  /** Exactly one taker; before the conversation is locked. `left` follows once the conversation has moved on. */
  take(conversationId: number): Promise<WaitRequest | null>;
  /** The first whom one of `free` may get; `serving` are all who are there. */
  takeFirst(
    teamId: number,
    agents: { free: readonly number[]; serving: readonly number[] },
  ): Promise<WaitRequest | null>;
  cancel(conversationId: number): Promise<WaitRequest | null>;
  /** Tells that a request was taken (into an episode) or cancelled (null). The conversation is locked. */
  left(request: WaitRequest, episodeId: number | null): Promise<void>;
  /** Tells everybody in the line where they stand now. */
  tellPlaces(teamId: number): Promise<void>;
}

interface Deps {
  work: Work;
  addresses: Addresses;
}

export function createLines({ work, addresses }: Deps): Lines {
  const store = createRequestsStore(work);

  async function lineChanged(
    conversationId: number,
    teamId: number,
    reason: LineChanged['reason'],
    request: { id: number; status: number; place: number },
  ): Promise<void> {
    const { to, customer } = await addresses.of(conversationId);
    const line = {
      businessId: to.businessId,
      businessSlug: to.businessSlug,
      teamNumber: to.teamNumber,
      waiting: await store.waiting(teamId),
      customer,
      conversationId,
    };
    await tell(work, [
      {
        conversationId,
        event: { type: 'request.updated', requestId: request.id, status: request.status, place: request.place, to },
      },
      { conversationId, event: { type: 'line.changed', reason, ...line } },
    ]);
  }

  return {
    length: store.waiting,
    placeOf: store.placeOf,
    estimateOf: store.estimate,
    touch: store.touch,
    teamsWaiting: store.teamsWaiting,

    join: async (conversation, origin, refusedBy = []) => {
      const request = await store.add({
        businessId: conversation.businessId,
        conversationId: conversation.id,
        customerId: conversation.customerId,
        teamId: conversation.teamId,
        priority: 0,
        origin,
        refusedBy: [...refusedBy],
      });
      const standing = await store.placeOf(conversation.id);
      await lineChanged(conversation.id, conversation.teamId, 'joined', {
        id: request.id,
        status: requestStatus.waiting,
        place: standing?.place ?? 0,
      });
    },

    take: (conversationId) => store.end(conversationId, requestStatus.accepted),
    takeFirst: store.takeFirst,
    cancel: (conversationId) => store.end(conversationId, requestStatus.cancelled),

    left: async (request, episodeId) => {
      if (episodeId !== null) await store.setEpisode(request.id, episodeId);
      const status = episodeId === null ? requestStatus.cancelled : requestStatus.accepted;
      const reason = episodeId === null ? 'left' : 'claimed';
      await lineChanged(request.conversationId, request.teamId, reason, { id: request.id, status, place: 0 });
    },

    tellPlaces: async (teamId) => {
      const places = await store.places(teamId);
      if (places.length === 0) return;
      const addressed = await addresses.ofAll(places.map((place) => place.conversationId));
      const told = places.flatMap(({ requestId, conversationId, place }): Told[] => {
        const to = addressed.get(conversationId)?.to;
        if (to === undefined) return [];
        const status = requestStatus.waiting;
        return [{ conversationId, event: { type: 'request.updated', requestId, status, place, to } }];
      });
      await tell(work, told);
    },
  };
}
