/** Migrates a database with web-app's own migrations. */
export async function prepareDatabase(url: string): Promise<void> {
  const module = new URL('../web-app/src/db/prepare.ts', import.meta.url).pathname;
  const { prepareDatabase: prepare } = (await import(module)) as { prepareDatabase: (url: string) => Promise<void> };
  await prepare(url);
}
