import type { Work } from '../../db/unit-of-work.ts';
import type { LeaveMessage } from '../model.ts';

interface Row {
  id: number;
  business_id: number;
  user_id: number | null;
  name: string;
  phone: string;
  email: string;
  content: string;
  page: string;
  created_at: Date;
}

const columns = ['id', 'business_id', 'user_id', 'name', 'phone', 'email', 'content', 'page', 'created_at'] as const;

function toLeaveMessage(row: Row): LeaveMessage {
  const { id, name, phone, email, content, page } = row;
  return {
    id,
    businessId: row.business_id,
    userId: row.user_id,
    name,
    phone,
    email,
    content,
    page,
    createdAt: row.created_at,
  };
}

export function createLeaveMessagesStore({ db }: Work) {
  return {
    insert: async ({ businessId, userId, ...said }: Omit<LeaveMessage, 'id' | 'createdAt'>): Promise<LeaveMessage> => {
      const [row] = await db('leave_messages')
        .insert({ business_id: businessId, user_id: userId, ...said })
        .returning<Row[]>([...columns]);
      if (row === undefined) throw new Error('a stored leave-message answered no row');
      return toLeaveMessage(row);
    },

    list: async (businessId: number, beforeId: number | null, limit: number): Promise<LeaveMessage[]> => {
      const query = db('leave_messages')
        .where({ business_id: businessId })
        .orderBy('id', 'desc')
        .limit(limit)
        .select<Row[]>(...columns);
      if (beforeId !== null) void query.where('id', '<', beforeId);
      return (await query).map(toLeaveMessage);
    },
  };
}
