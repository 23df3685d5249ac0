/** The folder of the PostgreSQL that npm installed for this machine (`bin`, `lib`, `share`), or null without one. */
export function postgresFolder(root: string): string | null;
