import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import type { App } from './app.ts';
import type { AppChanges, AppRegistry } from './app-registry.ts';
import { AppTable } from './app-table.ts';
import { AppsFault, parseApps } from './apps-file.ts';

/** How often the file is looked at. Asked, not watched: editors replace files and mounts swap links, unseen by a watch. */
const LOOK_MS = 1_000;

/**
 * The apps of a file, taken up again whenever it changes. A file that cannot be used changes nothing and is told once.
 * SPEC.md A2–A4.
 */
export class FileApps implements AppRegistry {
  readonly #path: string;
  readonly #log: Logger;
  readonly #table = new AppTable();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  /** What the file system says of the version that was read last; `null` when that could not be used. */
  #seen: string | null = null;
  #complaint = '';

  /** `apps`: what the file held when the server started. */
  constructor(path: string, apps: readonly App[], log: Logger) {
    this.#path = path;
    this.#log = log;
    for (const app of apps) this.#table.put(app.settings);
  }

  byId(id: string): App | null {
    return this.#table.byId(id);
  }

  byKey(key: string): App | null {
    return this.#table.byKey(key);
  }

  known(id: string): App | null {
    return this.#table.byId(id);
  }

  watch(changes: AppChanges): void {
    this.#table.watch(changes);
    this.#timer = setInterval(() => void this.reload(), LOOK_MS);
    this.#timer.unref();
  }

  /** Never rejects. */
  reload(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(this.#path);
      const version = `${String(ino)} ${String(size)} ${String(mtimeMs)}`;
      if (version === this.#seen) return;
      this.#seen = null;
      this.#take(await readFile(this.#path, 'utf8'));
      this.#seen = version;
      this.#complaint = '';
    } catch (error) {
      this.#complain(error);
    }
  }

  #take(text: string): void {
    const settings = parseApps(text);
    const kept = new Set(settings.map(({ id }) => id));
    for (const id of this.#table.ids()) {
      if (!kept.has(id)) this.#table.remove(id);
    }
    for (const app of settings) this.#table.put(app);
  }

  /** The same fault is told once, though the file is read again until it can be used. */
  #complain(error: unknown): void {
    const lines = error instanceof AppsFault ? error.lines : [error instanceof Error ? error.message : String(error)];
    const complaint = lines.join('\n');
    if (complaint === this.#complaint) return;
    this.#complaint = complaint;
    this.#log.error({ file: this.#path, faults: lines }, 'the apps file cannot be used, the apps stay as they were');
  }
}
