import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { appSchema, type AppSettings } from './app.ts';

/** The apps cannot be used as they are written; one plain line for each fault. */
export class AppsFault extends Error {
  readonly code = 'bad_apps';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** Reads a file of apps, a JSON array. Throws `AppsFault`. */
export function readAppsFile(path: string): readonly AppSettings[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppsFault([`the file ${path} cannot be read (${error instanceof Error ? error.message : ''})`]);
  }
  return parseApps(text);
}

/** Reads a JSON array of apps. Throws `AppsFault` with everything that is wrong at once. */
export function parseApps(text: string): readonly AppSettings[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new AppsFault(['must hold JSON']);
  }
  if (!Array.isArray(list)) throw new AppsFault(['must hold a JSON array of apps']);
  if (list.length === 0) throw new AppsFault(['holds no app']);
  const parsed = list.map((item: unknown) => appSchema.safeParse(item));
  const faults = parsed.flatMap(({ error }, index) =>
    error === undefined ? [] : faultLines(nameOf(list[index], index), error),
  );
  if (faults.length > 0) throw new AppsFault(faults);
  const apps = parsed.flatMap(({ data }) => (data === undefined ? [] : [data]));
  refuseDuplicates(apps);
  return apps;
}

/** One line for each fault of an app; `name` says which app. */
export function faultLines(name: string, error: z.ZodError): readonly string[] {
  return error.issues.map(({ path, message }) =>
    [name, ...(path.length > 0 ? [path.join('.')] : []), message].join(': '),
  );
}

const namedSchema = z.looseObject({ id: z.string() });

function nameOf(item: unknown, index: number): string {
  const named = namedSchema.safeParse(item);
  return named.success ? `app ${named.data.id}` : `app number ${String(index + 1)}`;
}

function refuseDuplicates(apps: readonly AppSettings[]): void {
  const ids = new Set<string>();
  const keys = new Set<string>();
  for (const { id, key, previousKey } of apps) {
    if (ids.has(id)) throw new AppsFault([`two apps have the same id: ${id}`]);
    ids.add(id);
    // Within one app the two may be the same: then only its secret is being replaced.
    for (const own of new Set([key, previousKey ?? key])) {
      if (keys.has(own)) throw new AppsFault([`two apps have the same key: ${own}`]);
      keys.add(own);
    }
  }
}
