import type { Work } from '../../db/unit-of-work.ts';
import { createFilesStore } from './files-store.ts';

/** Files that are shown elsewhere than in a message: avatars, pictures on pages. */
export interface Pictures {
  /** What the text names by its address here is never swept; what it names and is not there is left alone. */
  keep(businessId: number, text: string): Promise<void>;
}

const ADDRESSES = /\/files\/([0-9a-f]{32})(?![0-9a-f])/g;

export function createPictures(work: Work): Pictures {
  const store = createFilesStore(work);
  return {
    keep: async (businessId, text) => {
      const keys = [...text.matchAll(ADDRESSES)].flatMap(([, key]) => key ?? []);
      if (keys.length > 0) await store.keep(businessId, [...new Set(keys)]);
    },
  };
}
