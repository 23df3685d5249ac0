import { tell } from '../../db/outbox-writer.ts';
import type { Work } from '../../db/unit-of-work.ts';
import type { CallAccepted, CallEnded, CallOffered } from '../events.ts';
import type { Call, CallKind } from '../model.ts';

interface CallRow {
  id: number;
  business_id: number;
  room: string;
  conversation_id: number;
  customer_id: number;
  agent_id: number;
  caller_role: Call['callerRole'];
  kind: CallKind;
  state: Call['state'];
}

/** A call that is over, with how long people talked. */
export interface FinishedCall extends Call {
  state: 'refused' | 'missed' | 'ended';
  durationS: number;
}

export interface NewCall {
  businessId: number;
  room: string;
  conversationId: number;
  customerId: number;
  agentId: number;
  callerRole: Call['callerRole'];
  kind: CallKind;
}

const columns = 'id, business_id, room, conversation_id, customer_id, agent_id, caller_role, kind, state';

function toCall(row: CallRow): Call {
  return {
    id: row.id,
    businessId: row.business_id,
    room: row.room,
    conversationId: row.conversation_id,
    customerId: row.customer_id,
    agentId: row.agent_id,
    callerRole: row.caller_role,
    kind: row.kind,
    state: row.state,
  };
}

export function createCallsStore(work: Work) {
  const { db } = work;

  async function one(sql: string, bindings: Record<string, string | number>): Promise<Call | null> {
    const { rows } = await db.raw<{ rows: CallRow[] }>(sql, bindings);
    return rows[0] === undefined ? null : toCall(rows[0]);
  }

  return {
    byRoom: (businessId: number, room: string): Promise<Call | null> =>
      one(`select ${columns} from calls where business_id = :businessId and room = :room`, { businessId, room }),

    live: (conversationId: number): Promise<Call | null> =>
      one(`select ${columns} from calls where conversation_id = :conversationId and ended_at is null`, {
        conversationId,
      }),

    /** What rings at this person now. */
    ringingAt: (businessId: number, userId: number, role: Call['callerRole']): Promise<Call | null> =>
      one(
        `select ${columns} from calls
          where ${role === 'agent' ? 'agent_id' : 'customer_id'} = :userId and ended_at is null and state = 'ringing'
            and business_id = :businessId and caller_role <> :role and due_at > clock_timestamp() limit 1`,
        { businessId, userId, role },
      ),

    /** Null: the conversation or the agent has a live call already. */
    insert: (call: NewCall, ringSeconds: number): Promise<Call | null> =>
      one(
        `insert into calls (business_id, room, conversation_id, customer_id, agent_id, caller_role, kind, due_at)
         values (:businessId, :room, :conversationId, :customerId, :agentId, :callerRole, :kind,
                 clock_timestamp() + make_interval(secs => :ringSeconds))
         on conflict do nothing returning ${columns}`,
        { ...call, ringSeconds },
      ),

    /** Null: it does not ring any more. */
    accept: (id: number, silenceSeconds: number): Promise<Call | null> =>
      one(
        `update calls set state = 'accepted', accepted_at = clock_timestamp(),
                due_at = clock_timestamp() + make_interval(secs => :silenceSeconds)
          where id = :id and state = 'ringing' and due_at > clock_timestamp() returning ${columns}`,
        { id, silenceSeconds },
      ),

    /** False: nobody is talking. */
    keepAlive: async (id: number, silenceSeconds: number): Promise<boolean> => {
      const kept = await one(
        `update calls set due_at = clock_timestamp() + make_interval(secs => :silenceSeconds)
          where id = :id and state = 'accepted' returning ${columns}`,
        { id, silenceSeconds },
      );
      return kept !== null;
    },

    /** Null: it was not in this state any more. A call whose time had come ended then, whenever that is noticed. */
    finish: async (call: Call, outcome: FinishedCall['state']): Promise<FinishedCall | null> => {
      const { rows } = await db.raw<{ rows: (CallRow & { state: FinishedCall['state']; duration_s: number })[] }>(
        `update calls set state = :outcome, ended_at = least(clock_timestamp(), greatest(due_at, accepted_at))
          where id = :id and state = :before
         returning ${columns},
           coalesce(floor(extract(epoch from ended_at - accepted_at)), 0)::int as duration_s`,
        { id: call.id, before: call.state, outcome },
      );
      const [row] = rows;
      return row === undefined ? null : { ...toCall(row), state: row.state, durationS: row.duration_s };
    },

    due: async (limit: number): Promise<Call[]> => {
      const { rows } = await db.raw<{ rows: CallRow[] }>(
        `select ${columns} from calls where ended_at is null and due_at <= clock_timestamp()
          order by due_at limit :limit`,
        { limit },
      );
      return rows.map(toCall);
    },

    /** The call, if its time has come and it is still as it was. */
    stillDue: (call: Call): Promise<Call | null> =>
      one(
        `select ${columns} from calls where id = :id and state = :state and due_at <= clock_timestamp()
            for no key update`,
        { id: call.id, state: call.state },
      ),

    tell: (event: CallOffered | CallAccepted | CallEnded): Promise<void> =>
      tell(work, [{ conversationId: event.to.conversationId, event }]),
  };
}
