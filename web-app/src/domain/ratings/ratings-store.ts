import { tell } from '../../db/outbox-writer.ts';
import type { Work } from '../../db/unit-of-work.ts';
import type { RatingGiven } from '../events.ts';

/** The latest episode of a conversation, and what it was given. */
export interface RatedEpisode {
  id: number;
  agentId: number;
  score: number | null;
  comment: string;
  /** The rating stands for good. */
  isFinal: boolean;
}

interface EpisodeRow {
  id: number;
  agent_id: number;
  score: number | null;
  comments: string | null;
  is_final: boolean;
}

export function createRatingsStore(work: Work) {
  const { db } = work;
  return {
    /** Null: there was none yet. */
    latest: async (conversationId: number): Promise<RatedEpisode | null> => {
      const { rows } = await db.raw<{ rows: EpisodeRow[] }>(
        `select e.id, e.agent_id, r.score, r.comments, coalesce(r.closed_for_change_at <= now(), false) as is_final
           from episodes e left join ratings r on r.episode_id = e.id
          where e.conversation_id = ? order by e.id desc limit 1`,
        [conversationId],
      );
      const [row] = rows;
      if (row === undefined) return null;
      const { id, agent_id: agentId, score, comments, is_final: isFinal } = row;
      return { id, agentId, score, comment: comments ?? '', isFinal };
    },

    /** The first rating of an episode says until when it may be changed. */
    save: async (rating: {
      businessId: number;
      episodeId: number;
      score: number;
      comment: string;
      changeableMinutes: number;
    }): Promise<void> => {
      await db.raw(
        `insert into ratings as r (business_id, episode_id, score, comments, closed_for_change_at)
         values (:businessId, :episodeId, :score, :comment, now() + make_interval(mins => :changeableMinutes))
         on conflict (episode_id) do update set score = excluded.score, comments = excluded.comments, rated_at = now()`,
        rating,
      );
    },

    tellGiven: (event: RatingGiven) => tell(work, [{ conversationId: event.to.conversationId, event }]),
  };
}
