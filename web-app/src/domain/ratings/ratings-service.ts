import type { Transaction, Work } from '../../db/unit-of-work.ts';
import type { Addresses } from '../conversations/addresses-service.ts';
import { mayClose } from '../conversations/conversation-rules.ts';
import type { Episodes } from '../conversations/episodes-service.ts';
import { DomainError } from '../errors.ts';
import type { Notices } from '../messages/notices-service.ts';
import type { Conversations, Ratings } from '../services.ts';
import { characters, hasNul, wellFormed } from '../text-rules.ts';
import { createRatingsStore } from './ratings-store.ts';

const COMMENT_CHARACTERS = 1000;
const CHANGEABLE_MINUTES = 10;

interface Deps {
  conversations: Pick<Conversations, 'byId'>;
  transaction: Transaction<{ work: Work; addresses: Addresses; episodes: Episodes; notices: Notices }>;
}

export function createRatings({ conversations, transaction }: Deps): Ratings {
  return {
    give: async (actor, conversationId, unchecked) => {
      const rating = checked(unchecked);
      await conversations.byId(actor, conversationId);
      await transaction(async ({ work, addresses, episodes, notices }) => {
        const ratings = createRatingsStore(work);
        const { businessId } = actor;
        // Under the conversation's lock no other rating and no close comes between.
        const conversation = await episodes.lock(conversationId);
        const episode = await ratings.latest(conversationId);
        if (episode === null) throw new DomainError('conflict', 'Nobody has answered yet.');
        if (episode.score === rating.score && episode.comment === rating.comment) return;
        if (episode.isFinal) throw new DomainError('conflict', 'This rating cannot be changed any more.');
        await ratings.save({ businessId, episodeId: episode.id, ...rating, changeableMinutes: CHANGEABLE_MINUTES });
        if (episode.score !== rating.score) {
          await notices.post(conversation, { notice: 'rated', score: rating.score });
          await episodes.settle(conversationId);
        }
        const { to } = await addresses.of(conversationId);
        await ratings.tellGiven({ type: 'rating.given', score: rating.score, agentId: episode.agentId, to });
      });
    },

    request: async (actor, conversationId) => {
      await conversations.byId(actor, conversationId);
      await transaction(async ({ work, episodes, notices }) => {
        const conversation = await episodes.lock(conversationId);
        if (conversation.state !== 'open' || !mayClose(actor, conversation)) {
          throw new DomainError('not_your_conversation', 'You are not in this conversation.');
        }
        const episode = await createRatingsStore(work).latest(conversationId);
        if (episode?.isFinal === true) throw new DomainError('conflict', 'The customer has rated this already.');
        await notices.postOnce(conversation, { notice: 'rating_requested' });
      });
    },
  };
}

function checked({ score, comment }: { score: number; comment: string }): { score: number; comment: string } {
  if (!Number.isInteger(score) || score < 1 || score > 5) throw new DomainError('invalid', 'A score is 1 to 5.');
  const words = wellFormed(comment.trim());
  if (hasNul(words)) throw new DomainError('invalid', 'The comment is no valid text.');
  if (characters(words) > COMMENT_CHARACTERS) {
    throw new DomainError('invalid', `The comment may have ${COMMENT_CHARACTERS} characters.`);
  }
  return { score, comment: words };
}
