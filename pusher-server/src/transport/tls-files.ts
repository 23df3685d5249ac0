import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Certificate files in PEM; the passphrase is that of the key. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly passphrase: string | null;
}

/** Why these files cannot be used, or `null`. Tried with Node's own TLS, which says what is wrong. */
export function tlsFault({ certFile, keyFile, passphrase }: TlsFiles): string | null {
  try {
    const [cert, key] = [readFileSync(certFile), readFileSync(keyFile)];
    createSecureContext({ cert, key, ...(passphrase === null ? {} : { passphrase }) });
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `the certificate ${certFile} and the key ${keyFile} cannot be used together (${reason})`;
  }
}

/** The same for the same certificate and key, whatever the files are called. Throws when they cannot be read. */
export function tlsDigest({ certFile, keyFile }: TlsFiles): string {
  return createHash('sha256').update(readFileSync(certFile)).update('\0').update(readFileSync(keyFile)).digest('hex');
}
