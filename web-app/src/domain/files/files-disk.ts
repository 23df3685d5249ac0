import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where the bytes of files lie: `FILES_DIR/<first two of key>/<key>`. */
export class FilesDisk {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A key is made by us and read from the database, so it cannot lead out of the folder. */
  pathOf(key: string): string {
    return join(this.#folder, key.slice(0, 2), key);
  }

  /** Puts a temporary file, which lies on the same disk, in its place. */
  async keep(key: string, from: string): Promise<void> {
    const path = this.pathOf(key);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(from, path);
  }

  async discard(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}
