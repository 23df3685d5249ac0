import type { Work } from '../../db/unit-of-work.ts';
import type { Tab } from '../model.ts';

interface Row {
  id: number;
  business_id: number;
  title: string;
  content: string;
  content_html: string;
}

const columns = ['id', 'business_id', 'title', 'content', 'content_html'] as const;

function toTab(row: Row): Tab {
  const { id, business_id: businessId, title, content, content_html: contentHtml } = row;
  return { id, businessId, title, content, contentHtml };
}

export function createTabsStore({ db }: Work) {
  return {
    list: async (businessId: number): Promise<Tab[]> => {
      const rows = await db('tabs')
        .where({ business_id: businessId })
        .orderBy('id')
        .select<Row[]>(...columns);
      return rows.map(toTab);
    },

    titles: (businessId: number): Promise<Pick<Tab, 'id' | 'title'>[]> =>
      db('tabs')
        .where({ business_id: businessId })
        .orderBy('id')
        .select<{ id: number; title: string }[]>('id', 'title'),

    find: async (businessId: number, id: number): Promise<Tab | null> => {
      const row = await db('tabs')
        .where({ business_id: businessId, id })
        .first<Row | undefined>(...columns);
      return row === undefined ? null : toTab(row);
    },

    /** Null: the business has `most` already. One business's are added one after the other. */
    insert: async (tab: Omit<Tab, 'id'>, most: number): Promise<Tab | null> => {
      await db.raw('select 1 from businesses where id = ? for no key update', [tab.businessId]);
      const { rows } = await db.raw<{ rows: Row[] }>(
        `insert into tabs (business_id, title, content, content_html)
         select :businessId, :title, :content, :contentHtml
          where (select count(*) from tabs where business_id = :businessId) < :most
         returning id, business_id, title, content, content_html`,
        { ...tab, most },
      );
      const [row] = rows;
      return row === undefined ? null : toTab(row);
    },

    update: async ({ id, businessId, title, content, contentHtml }: Tab): Promise<Tab | null> => {
      const [row] = await db('tabs')
        .where({ business_id: businessId, id })
        .update({ title, content, content_html: contentHtml })
        .returning<Row[]>([...columns]);
      return row === undefined ? null : toTab(row);
    },
  };
}
