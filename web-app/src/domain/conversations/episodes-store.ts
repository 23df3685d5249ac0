import type { Work } from '../../db/unit-of-work.ts';

export interface NewEpisode {
  businessId: number;
  conversationId: number;
  teamId: number;
  agentId: number;
  door: string;
  firstSeq: number;
}

export function createEpisodesStore({ db }: Work) {
  async function join(episode: { id: number; businessId: number; agentId: number }, why: string): Promise<void> {
    await db('episode_agents').insert({
      episode_id: episode.id,
      user_id: episode.agentId,
      business_id: episode.businessId,
      why,
    });
  }

  async function everybodyLeaves(episodeId: number): Promise<void> {
    await db('episode_agents')
      .where({ episode_id: episodeId, left_at: null })
      .update({ left_at: db.raw('clock_timestamp()') });
  }

  return {
    /** Opens an episode with its first agent; answers its id. */
    open: async (episode: NewEpisode): Promise<number> => {
      const [row] = await db('episodes')
        .insert({
          business_id: episode.businessId,
          conversation_id: episode.conversationId,
          team_id: episode.teamId,
          agent_id: episode.agentId,
          door: episode.door,
          first_seq: episode.firstSeq,
        })
        .returning<{ id: number }[]>('id');
      if (row === undefined) throw new Error('The episode was not stored.');
      await join({ ...episode, id: row.id }, 'assigned');
      return row.id;
    },

    /** Another agent takes over; those before leave. */
    transfer: async (episode: { id: number; businessId: number; agentId: number }): Promise<void> => {
      await everybodyLeaves(episode.id);
      await db('episodes').where({ id: episode.id }).update({ agent_id: episode.agentId });
      await join(episode, 'transferred');
    },

    close: async (episodeId: number, by: 'agent' | 'customer' | 'system', lastSeq: number): Promise<void> => {
      await everybodyLeaves(episodeId);
      await db('episodes')
        .where({ id: episodeId })
        .update({ closed_at: db.raw('clock_timestamp()'), closed_by: by, last_seq: lastSeq });
    },

    /** The agent's cursor; it never moves back. */
    seat: async (agent: { businessId: number; conversationId: number; userId: number; readSeq: number }) => {
      await db.raw(
        `insert into participants as p (conversation_id, user_id, business_id, role, read_seq, delivered_seq)
         values (:conversationId, :userId, :businessId, 'agent', :readSeq, :readSeq)
         on conflict (conversation_id, user_id) do update
            set read_seq = greatest(p.read_seq, excluded.read_seq), left_at = null`,
        agent,
      );
    },

    readSeq: async (conversationId: number, userId: number): Promise<number> => {
      const row = await db('participants')
        .where({ conversation_id: conversationId, user_id: userId })
        .first<{ read_seq: number } | undefined>('read_seq');
      return row?.read_seq ?? 0;
    },
  };
}
