import type { Work } from '../../db/unit-of-work.ts';
import type { Actor } from '../actor.ts';
import { DomainError } from '../errors.ts';
import type { FileRow, MessageContent } from '../model.ts';
import type { NewBody } from '../services.ts';
import { messageAbout } from './file-rules.ts';
import { createFilesStore } from './files-store.ts';

type FileBody = Extract<NewBody, { type: 'image' | 'file' | 'voice' }>;

/** Files as parts of messages. */
export interface Attachments {
  /** @throws DomainError `invalid` when there is no such file, it is somebody else's, or of another kind */
  describe(actor: Actor, body: FileBody): Promise<MessageContent>;
  /** In the transaction that stores the message. @throws DomainError `invalid` when it was sent before */
  attach(actor: Actor, key: string, messageId: number): Promise<void>;
}

export function createAttachments(work: Work): Attachments {
  const store = createFilesStore(work);
  return {
    describe: async (actor, body) => {
      const file = await store.byKey(body.content.key);
      if (file === null || !mayTake(file, actor)) {
        throw new DomainError('invalid', 'There is no such file of yours.');
      }
      const asked = body.type === 'voice' ? { type: body.type, durationMs: body.content.durationMs } : body;
      const content = messageAbout(file, asked);
      if (content === null) throw new DomainError('invalid', `This file cannot be sent as ${body.type}.`);
      return content;
    },

    attach: async (actor, key, messageId) => {
      if (!(await store.attach(key, actor, messageId))) throw new DomainError('invalid', 'This file was sent before.');
    },
  };
}

/** What nobody is known to have sent up belongs to whoever has its key. */
function mayTake({ businessId, uploaderId }: FileRow, actor: Actor): boolean {
  if (businessId !== null && businessId !== actor.businessId) return false;
  return uploaderId === null || uploaderId === actor.userId;
}
