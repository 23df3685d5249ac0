import type { Sample } from './report.ts';

/** What time is spent on, as a reader of a profile asks for it. */
export const KINDS = [
  'kernel: network, scheduling',
  'uWebSockets.js',
  "our server's JavaScript",
  "Node's own JavaScript",
  'hashing and signatures',
  'garbage collection',
  'V8 and Node, natively',
  'libc: memory, locks',
] as const;
export type Kind = (typeof KINDS)[number];

const COLLECTION =
  /Scaveng|MarkCompact|Marking|Sweep|Evacuat|YoungGeneration|::Heap|GCTracer|Worklist|MinorGC|ConcurrentMark|PagedSpace/;
const HASHING =
  /sha256|sha1|md5|EVP_|HMAC|OPENSSL_|ossl_|CRYPTO_|crypto::|Hmac|Hash(Init|Update|Digest)|aesni|rand_|RAND_/i;

/** By the library and the name of the function in which a sample was taken. */
export function kindOf({ object, symbol }: Sample): Kind {
  if (object === 'kernel') return 'kernel: network, scheduling';
  if (object.endsWith('.node')) return 'uWebSockets.js';
  const javaScript = /^(?:JS|LazyCompile|Function|Script|Eval|RegExp):[*~^+]?\s*(.*)/.exec(symbol)?.[1];
  if (javaScript !== undefined) return /node:/.test(javaScript) ? "Node's own JavaScript" : "our server's JavaScript";
  if (HASHING.test(symbol)) return 'hashing and signatures';
  if (COLLECTION.test(symbol)) return 'garbage collection';
  if (/^(libc|ld-|libpthread|libstdc)/.test(object)) return 'libc: memory, locks';
  return 'V8 and Node, natively';
}

/** The share of each kind. */
export function sharesOf(samples: readonly Sample[]): ReadonlyMap<Kind, number> {
  const shares = new Map<Kind, number>(KINDS.map((kind) => [kind, 0]));
  for (const sample of samples) shares.set(kindOf(sample), (shares.get(kindOf(sample)) ?? 0) + sample.share);
  return shares;
}
