import type { Work } from '../../db/unit-of-work.ts';
import type { Actor } from '../actor.ts';
import type { FileRow } from '../model.ts';

interface Row {
  business_id: number | null;
  key: string;
  uploader_id: number | null;
  name: string;
  type: string;
  size: number;
  width: number | null;
  height: number | null;
  message_id: number | null;
  created_at: Date;
}

const columns = [
  'business_id',
  'key',
  'uploader_id',
  'name',
  'type',
  'size',
  'width',
  'height',
  'message_id',
  'created_at',
] as const;

function toFile(row: Row): FileRow {
  return {
    key: row.key,
    businessId: row.business_id,
    uploaderId: row.uploader_id,
    name: row.name,
    type: row.type,
    size: row.size,
    width: row.width,
    height: row.height,
    messageId: row.message_id,
    createdAt: row.created_at,
  };
}

export type NewFile = Omit<FileRow, 'messageId' | 'createdAt'> & { sha256: Buffer };

export function createFilesStore({ db }: Work) {
  return {
    insert: async (file: NewFile): Promise<FileRow> => {
      const [row] = await db('files')
        .insert({
          business_id: file.businessId,
          key: file.key,
          uploader_id: file.uploaderId,
          name: file.name,
          type: file.type,
          size: file.size,
          width: file.width,
          height: file.height,
          sha256: file.sha256,
        })
        .returning<Row[]>([...columns]);
      if (row === undefined) throw new Error('a stored file answered no row');
      return toFile(row);
    },

    byKey: async (key: string): Promise<FileRow | null> => {
      const row = await db('files')
        .where({ key })
        .first<Row | undefined>(...columns);
      return row === undefined ? null : toFile(row);
    },

    /** False: it is in a message already. */
    attach: async (key: string, { businessId, userId }: Actor, messageId: number): Promise<boolean> => {
      const taken = { message_id: messageId, business_id: businessId, uploader_id: userId };
      return (await db('files').where({ key, message_id: null, kept: false }).update(taken)) === 1;
    },

    /** Those that are in a message stay without it; another business's are left alone. */
    keep: async (businessId: number, keys: readonly string[]): Promise<void> => {
      await db('files')
        .whereIn('key', keys)
        .where({ message_id: null })
        .whereRaw('(business_id is null or business_id = ?)', [businessId])
        .update({ kept: true, business_id: businessId });
    },

    /** What nobody sent, at most `limit`; locked until commit, so that nobody sends it meanwhile. In a transaction only. */
    lockUnsent: async (olderThanHours: number, limit: number): Promise<string[]> => {
      const { rows } = await db.raw<{ rows: { key: string }[] }>(
        `select key from files where message_id is null and not kept and created_at < now() - make_interval(hours => ?)
          order by created_at limit ? for update skip locked`,
        [olderThanHours, limit],
      );
      return rows.map(({ key }) => key);
    },

    remove: async (keys: readonly string[]): Promise<void> => {
      await db('files').whereIn('key', keys).delete();
    },
  };
}
