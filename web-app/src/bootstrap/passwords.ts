import { hashPassword, verifyPassword } from '../auth/password.ts';
import type { Work } from '../db/unit-of-work.ts';
import { createAgentsStore } from '../domain/agents/agents-store.ts';
import { createBusinessRows } from '../domain/businesses/business-rows-store.ts';
import { clientPasswordHash } from '../domain/registration/save-account-store.ts';
import type { BootstrapFile } from './schema.ts';

/** The hash to store; undefined when none was given, or when it is the password of the stored hash already. */
async function changedPasswordHash(
  password: string | undefined,
  storedHash: string | null,
): Promise<string | undefined> {
  if (password === undefined) return undefined;
  if (storedHash !== null && (await verifyPassword(password, storedHash))) return undefined;
  return hashPassword(password);
}

/** Hashes every password of the file that is new, before any transaction. */
export async function hashChangedPasswords(work: Work, file: BootstrapFile): Promise<Map<string, string>> {
  const agents = createAgentsStore(work);
  const businesses = createBusinessRows(work);
  const hashes = new Map<string, string>();
  const note = (key: string, hash: string | undefined) => (hash === undefined ? hashes : hashes.set(key, hash));
  for (const { business_id: slug, agents: agentsOfFile = [], clients = [] } of file.businesses) {
    for (const { user_name: userName, password } of agentsOfFile) {
      const stored = (await agents.credentials(userName))?.passwordHash ?? null;
      note(`agent ${userName}`, await changedPasswordHash(password, stored));
    }
    const id = clients.length === 0 ? null : await businesses.idOf(slug);
    for (const { login_name: loginName, password } of clients) {
      const stored = id === null ? null : await clientPasswordHash(work, id, loginName);
      note(`client ${slug} ${loginName}`, await changedPasswordHash(password, stored));
    }
  }
  return hashes;
}
