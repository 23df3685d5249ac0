import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appSchema, prepareApp, type AppSettings } from './app.ts';
import { LookedUpApps, type AppSource, type LookupLimits } from './looked-up-apps.ts';

const settings = (id: string, more: object = {}) =>
  appSchema.parse({ id, key: `key-${id}`, secret: `secret-${id}`, ...more });

/** A source in memory that counts what it is asked, and can be away. */
class Rows implements AppSource {
  readonly rows = new Map<string, AppSettings>();
  readonly unusable = new Set<string>();
  asked: string[] = [];
  away = false;

  byId(id: string): Promise<AppSettings | null> {
    return this.#answer(`id ${id}`, this.rows.get(id) ?? null);
  }

  byKey(key: string): Promise<AppSettings | null> {
    return this.#answer(`key ${key}`, [...this.rows.values()].find((row) => row.key === key) ?? null);
  }

  byIds(ids: readonly string[]): Promise<{ apps: AppSettings[]; unusable: string[] }> {
    const apps = ids.flatMap((id) => (this.unusable.has(id) ? [] : (this.rows.get(id) ?? [])));
    return this.#answer('refresh', { apps, unusable: ids.filter((id) => this.unusable.has(id)) });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer<Value>(question: string, value: Value): Promise<Value> {
    this.asked.push(question);
    return this.away ? Promise.reject(new Error('away')) : Promise.resolve(value);
  }
}

describe('apps that are looked up', () => {
  let rows: Rows;
  let heard: string[];
  let open: LookedUpApps[];
  beforeEach(() => {
    rows = new Rows();
    heard = [];
    open = [];
  });
  afterEach(() => Promise.all(open.map((apps) => apps.close())));

  const start = (limits: Partial<LookupLimits> = {}, fixed: readonly AppSettings[] = []) => {
    const bounds = { refreshMs: 60_000, maxUnknown: 10, maxPending: 10, ...limits };
    const apps = new LookedUpApps(rows, fixed.map(prepareApp), pino({ level: 'silent' }), bounds);
    open.push(apps);
    apps.watch({
      taken: (app) => heard.push(`taken ${app.id} ${String(app.settings.maxConnections)}`),
      removed: (id) => heard.push(`removed ${id}`),
    });
    return apps;
  };

  it('A5: a known app is answered at once, by id and by key, and asked for once', async () => {
    rows.rows.set('a', settings('a'));
    const apps = start();
    const first = await Promise.all([apps.byId('a'), apps.byId('a')]);
    expect(first.map((app) => app?.id)).toEqual(['a', 'a']);
    expect(apps.byId('a')).toBe(first[0]);
    expect(apps.byKey('key-a')).toBe(first[0]);
    expect(apps.known('a')).toBe(first[0]);
    expect(rows.asked).toEqual(['id a']);
    expect(heard).toEqual(['taken a -1']);
  });

  it('A5: what does not exist is not asked for again, for a while', async () => {
    const apps = start({ refreshMs: 40 });
    expect(await apps.byKey('key-a')).toBeNull();
    expect(apps.byKey('key-a')).toBeNull();
    rows.rows.set('a', settings('a'));
    await expect.poll(async () => (await apps.byKey('key-a'))?.id).toBe('a');
    expect(rows.asked.filter((question) => question === 'key key-a')).toHaveLength(2);
  });

  it('A5: only so much is remembered as unknown, and only so much is asked at once', async () => {
    const apps = start({ maxUnknown: 2, maxPending: 3 });
    for (const id of ['a', 'b', 'c']) await apps.byId(id);
    expect(apps.byId('c')).toBeNull();
    const again = ['a', 'd', 'e', 'f'].map((id) => Promise.resolve(apps.byId(id)));
    await expect(again[3]).rejects.toMatchObject({ code: 'app_lookup_failed' });
    expect(await Promise.all(again.slice(0, 3))).toEqual([null, null, null]);
  });

  it('A3, A5: changes and removals are found; a row that cannot be used keeps what was known', async () => {
    for (const id of ['a', 'b', 'c']) rows.rows.set(id, settings(id));
    const apps = start();
    for (const id of ['a', 'b', 'c']) await apps.byId(id);
    heard = [];
    rows.rows.set('a', settings('a', { maxConnections: 5, key: 'new' }));
    rows.rows.delete('b');
    rows.unusable.add('c');
    await apps.reload();
    expect(heard.sort()).toEqual(['removed b', 'taken a 5']);
    expect([apps.known('a')?.maxConnections, apps.known('b'), apps.known('c')?.id]).toEqual([5, null, 'c']);
    expect(await apps.byKey('key-a')).toBeNull();
    expect(await apps.byKey('new')).toBe(apps.known('a'));
  });

  it('A5: while the source is away known apps stay, and nobody is told that others do not exist', async () => {
    rows.rows.set('a', settings('a'));
    const apps = start();
    await apps.byId('a');
    rows.away = true;
    await apps.reload();
    expect(apps.known('a')?.id).toBe('a');
    await expect(apps.byId('b')).rejects.toMatchObject({ code: 'app_lookup_failed' });
    rows.away = false;
    expect(await apps.byId('b')).toBeNull();
  });

  it('A5: the environment’s own app stands before one of the same id', async () => {
    rows.rows.set('a', settings('a', { maxConnections: 1 }));
    rows.rows.set('b', settings('b', { key: 'other-a' }));
    const apps = start({}, [settings('a')]);
    expect(apps.known('a')?.maxConnections).toBe(Infinity);
    expect((await apps.byKey('other-a'))?.id).toBe('b');
  });
});
