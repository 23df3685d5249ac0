import { randomBytes } from 'node:crypto';
import type { Work } from '../../db/unit-of-work.ts';
import { DomainError } from '../errors.ts';
import type { ArrivedFile, Files } from '../services.ts';
import { fileName, MAX_FILE_BYTES } from './file-rules.ts';
import type { FilesDisk } from './files-disk.ts';
import { createFilesStore } from './files-store.ts';
import { inspectFile } from './inspect-file.ts';

const KEY_BYTES = 16;
const KEY = /^[0-9a-f]{32}$/;
/** How long somebody may think before they send what they sent up. */
const UNSENT_HOURS = 24;
const SWEPT_AT_ONCE = 200;

export function createFiles(work: Work, disk: FilesDisk): Files {
  const store = createFilesStore(work);

  async function kept(
    owner: { businessId: number | null; userId: number | null },
    file: ArrivedFile,
    expects: Parameters<Files['receive']>[2],
  ) {
    if (file.size === 0) throw new DomainError('invalid', 'The file is empty.');
    if (file.size > MAX_FILE_BYTES) throw new DomainError('too_long', `A file may have ${MAX_FILE_BYTES} bytes.`);
    const inspected = await inspectFile(file.path);
    if (expects !== 'any' && inspected.width === null) {
      throw new DomainError('invalid', 'This is not an image (PNG, JPEG, GIF or WebP).');
    }
    const key = randomBytes(KEY_BYTES).toString('hex');
    const row = await store.insert({
      ...inspected,
      businessId: owner.businessId,
      uploaderId: owner.userId,
      key,
      name: fileName(file.name),
      size: file.size,
    });
    // A row without bytes is a file that is gone; bytes without a row would lie there for ever.
    await disk.keep(key, file.path);
    return row;
  }

  /** Bytes go first: a row without them is swept again, bytes without a row never would be. */
  function sweepSome(): Promise<number> {
    return work.transaction(async (inner) => {
      const unsent = createFilesStore(inner);
      const keys = await unsent.lockUnsent(UNSENT_HOURS, SWEPT_AT_ONCE);
      for (const key of keys) await disk.discard(disk.pathOf(key));
      if (keys.length > 0) await unsent.remove(keys);
      return keys.length;
    });
  }

  return {
    receive: async (owner, file, expects) => {
      try {
        return await kept(owner, file, expects);
      } finally {
        await disk.discard(file.path);
      }
    },

    byKey: (key) => (KEY.test(key) ? store.byKey(key) : Promise.resolve(null)),
    pathOf: ({ key }) => disk.pathOf(key),

    sweep: async () => {
      let swept = 0;
      for (;;) {
        const batch = await sweepSome();
        swept += batch;
        if (batch < SWEPT_AT_ONCE) return swept;
      }
    },
  };
}
