import type { Work } from '../../db/unit-of-work.ts';
import type { Faq } from '../model.ts';

interface Row {
  id: number;
  business_id: number;
  question: string;
  answer: string;
  answer_html: string;
}

const columns = ['id', 'business_id', 'question', 'answer', 'answer_html'] as const;

function toFaq(row: Row): Faq {
  const { id, business_id: businessId, question, answer, answer_html: answerHtml } = row;
  return { id, businessId, question, answer, answerHtml };
}

/** Nobody reads more questions than this. */
const MOST = 1000;

export function createFaqsStore({ db }: Work) {
  return {
    list: async (businessId: number, search: string): Promise<Faq[]> => {
      const query = db('faqs')
        .where({ business_id: businessId })
        .orderBy('id')
        .limit(MOST)
        .select<Row[]>(...columns);
      if (search !== '') {
        const holds = `%${search.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
        void query.whereRaw('(question ilike ? or answer ilike ?)', [holds, holds]);
      }
      return (await query).map(toFaq);
    },

    any: async (businessId: number): Promise<boolean> =>
      (await db('faqs').where({ business_id: businessId }).first<{ id: number } | undefined>('id')) !== undefined,

    find: async (businessId: number, id: number): Promise<Faq | null> => {
      const row = await db('faqs')
        .where({ business_id: businessId, id })
        .first<Row | undefined>(...columns);
      return row === undefined ? null : toFaq(row);
    },

    /** @throws a violation of `faqs_question_once` */
    insert: async (faq: Omit<Faq, 'id'>): Promise<Faq> => {
      const [row] = await db('faqs')
        .insert(toRow(faq))
        .returning<Row[]>([...columns]);
      if (row === undefined) throw new Error('a stored question answered no row');
      return toFaq(row);
    },

    /** Null: there is no such question. @throws a violation of `faqs_question_once` */
    update: async (faq: Faq): Promise<Faq | null> => {
      const [row] = await db('faqs')
        .where({ business_id: faq.businessId, id: faq.id })
        .update(toRow(faq))
        .returning<Row[]>([...columns]);
      return row === undefined ? null : toFaq(row);
    },
  };
}

function toRow({ businessId, question, answer, answerHtml }: Omit<Faq, 'id'>) {
  return { business_id: businessId, question, answer, answer_html: answerHtml };
}
