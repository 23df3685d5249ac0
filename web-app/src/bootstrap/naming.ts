import { violates } from '../db/unit-of-work.ts';
import { DomainError } from '../domain/errors.ts';
import { BootstrapError } from './bootstrap-error.ts';

/** What the database refuses because somebody else has it, by the constraint that says so. */
const taken = [
  { constraint: 'businesses_app_id_once', field: 'app_id', why: 'another business has this app_id' },
  { constraint: 'businesses_epid_once', field: 'epid', why: 'another business has this epid' },
  { constraint: 'users_token_once', field: 'token', why: 'another user has this token' },
  { constraint: 'api_keys_key_once', field: 'api_key', why: 'this key is used already' },
] as const;

const ENCRYPTED_OR_PUBLIC = 'businesses_encrypted_or_public';

/** Does one thing of the file; what is refused there is told with its path. */
export async function naming<T>(path: string, job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    for (const { constraint, field, why } of taken) {
      if (violates(error, constraint)) throw new BootstrapError([`${path}.${field}: ${why}`], { cause: error });
    }
    if (error instanceof Error && 'constraint' in error && error.constraint === ENCRYPTED_OR_PUBLIC) {
      const why = 'encrypt_channels and legacy_public_channels exclude each other';
      throw new BootstrapError([`${path}.encrypt_channels: ${why}`], { cause: error });
    }
    if (error instanceof DomainError) throw new BootstrapError([`${path}: ${error.message}`], { cause: error });
    throw error;
  }
}
