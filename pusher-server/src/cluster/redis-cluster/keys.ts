/** Everything that belongs to a channel lies in one of so many buckets, each a slot of its own. */
export const BUCKETS = 256;

/** The channel under which a user lives. */
export function userChannel(userId: string): string {
  return `#server-to-user-${userId}`;
}

/** `zlib.crc32` is missing in the oldest Node.js that is supported. Polynomial of IEEE 802.3, reflected. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  return crc;
});

/** The bucket of a channel: crc32 of `appId NUL channel` in UTF-8, modulo 256. */
export function bucketOf(appId: string, channel: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(`${appId}\0${channel}`)) {
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
  }
  return (crc ^ 0xffffffff) & (BUCKETS - 1);
}

/**
 * The names of all keys and topics. Those of a bucket begin with the prefix and the bucket as a hash tag, so that one
 * script can change all that belongs to a channel, on a Redis Cluster too.
 */
export class KeyNames {
  readonly #prefix: string;

  /** `prefix` holds no braces. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Hash: `n` subscriptions over all nodes, `v` version, `told` 1 while receivers believe the channel occupied, … */
  channel(b: number, appId: string, name: string): string {
    return this.#of(b, 'c', appId, name);
  }

  /** Hash: node → its subscriptions, or a user's connections. */
  shares(b: number, appId: string, name: string): string {
    return this.#of(b, 's', appId, name);
  }

  /** Hash of a presence channel: user → `1` and the JSON of its user_info, or `0` without one. */
  members(b: number, appId: string, name: string): string {
    return this.#of(b, 'p', appId, name);
  }

  /** Hash of a presence channel: user → sockets, user NUL node → its sockets, user NUL → 1 while told to receivers. */
  memberSockets(b: number, appId: string, name: string): string {
    return this.#of(b, 'q', appId, name);
  }

  /** The cached event, with an expiry. */
  cachedEvent(b: number, appId: string, name: string): string {
    return this.#of(b, 'x', appId, name);
  }

  /** Set: the occupied channels of an app in this bucket, by name. */
  occupied(b: number, appId: string): string {
    return `${this.#bucket(b)}o:${encodeApp(appId)}`;
  }

  /** Hash: what a node holds in this bucket, its generation `g` and its last number `n`. */
  ledger(b: number, node: string): string {
    return `${this.#bucket(b)}l:${node}`;
  }

  /** The last batch of facts that a node handed in, with an expiry. */
  toldBy(b: number, node: string): string {
    return `${this.#bucket(b)}y:${node}`;
  }

  /** Sorted set: what has to be looked at, by when, in milliseconds of Redis's clock. */
  due(b: number): string {
    return `${this.#bucket(b)}due`;
  }

  /** Stream of facts that have to be sent. */
  facts(b: number): string {
    return `${this.#bucket(b)}facts`;
  }

  /** Hash: `id`, `born`, `until` the end of settling, `lost` facts. Without it the bucket has lost its past. */
  epoch(b: number): string {
    return `${this.#bucket(b)}epoch`;
  }

  /** Hash: which node sends this bucket's facts, `until` when, under which `fence`. */
  send(b: number): string {
    return `${this.#bucket(b)}send`;
  }

  /** Hash: entry of the stream → a line for each destination: destination, home bucket and id of its delivery. */
  marks(b: number): string {
    return `${this.#bucket(b)}marks`;
  }

  /** Hash: id → the deliveries that are under way and whose home is this bucket, as JSON. */
  deliveries(b: number): string {
    return `${this.#bucket(b)}deliveries`;
  }

  /** The topic of a channel, or of a user under its channel. */
  topic(b: number, appId: string, name: string): string {
    return this.#of(b, 't', appId, name);
  }

  /** The topic that wakes the sender of this bucket. */
  wake(b: number): string {
    return `${this.#bucket(b)}wake`;
  }

  /** A node's own topic. */
  nodeTopic(node: string): string {
    return `${this.#prefix}{node:${node}}`;
  }

  /** Sorted set: node → end of its lease, in milliseconds of Redis's clock. */
  get nodes(): string {
    return `${this.#prefix}{nodes}`;
  }

  /** What nodes share beside their leases, in the same slot. */
  ofNodes(rest: string): string {
    return `${this.#prefix}{nodes}:${rest}`;
  }

  /** A key of a bucket that belongs to an app and needs no channel: `kind` is a short word of its own. */
  ofApp(b: number, kind: string, appId: string, rest: string): string {
    return this.#of(b, kind, appId, rest);
  }

  #bucket(b: number): string {
    return `${this.#prefix}{${String(b)}}:`;
  }

  #of(b: number, kind: string, appId: string, name: string): string {
    return `${this.#bucket(b)}${kind}:${encodeApp(appId)}:${name}`;
  }
}

/** App ids are free text; encoded they hold no colon, which ends them. */
function encodeApp(appId: string): string {
  return encodeURIComponent(appId);
}
