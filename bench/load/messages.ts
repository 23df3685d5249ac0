/** What the bench tells its load generator, and what that answers, over the IPC channel between them. */

/** Where a server listens and which of the two languages it understands. */
export interface Target {
  readonly dialect: 'pusher' | 'limit';
  readonly port: number;
  /** Further nodes of the same server, where as many clients connect in a fan-out. */
  readonly peers?: readonly number[];
  /** Processes whose CPU time is read right before and right after a run. */
  readonly pids: readonly number[];
}

/** One kind of load, and how much of it a run makes; each kind's own file says what it does. */
export type LoadSpec =
  | {
      readonly kind: 'fan-out';
      readonly subscribers: number;
      readonly events: number;
      /** The target's peers know nothing of it and are triggered themselves. */
      readonly triggersPeers?: boolean;
    }
  | { readonly kind: 'rest-trigger'; readonly connections: number; readonly requests: number }
  | { readonly kind: 'batch'; readonly connections: number; readonly channels: number }
  | { readonly kind: 'connect'; readonly connections: number; readonly atOnce: number }
  | { readonly kind: 'client-event'; readonly members: number; readonly events: number }
  | { readonly kind: 'presence-join'; readonly held: number; readonly channels: number; readonly joinsEach: number }
  | { readonly kind: 'second-socket'; readonly held: number; readonly joins: number }
  | { readonly kind: 'latency'; readonly subscribers: number; readonly perSecond: number; readonly seconds: number }
  | { readonly kind: 'churn'; readonly cycles: number; readonly atOnce: number }
  | {
      readonly kind: 'chat';
      readonly messages: number;
      /** Each writer's form fields, beside the content. */
      readonly writers: readonly Readonly<Record<string, string>>[];
      readonly httpPort: number;
      readonly path: string;
      /** The channel that every message comes to. */
      readonly hearOn: string | null;
    }
  /** Connections that do nothing, over `channels` channels in all. */
  | { readonly kind: 'idle'; readonly connections: number; readonly channels: number }
  /** Channels that do nothing, over a few connections. */
  | { readonly kind: 'held-channels'; readonly channels: number };

export type SpecOf<Kind extends LoadSpec['kind']> = Extract<LoadSpec, { kind: Kind }>;

export type LoadCall =
  /** Connects what the load needs; it stays connected over all runs. */
  | { readonly call: 'prepare'; readonly target: Target; readonly spec: LoadSpec }
  /** Makes ready what the next run needs; without it that run does so itself. */
  | { readonly call: 'plan'; readonly handle: number }
  | { readonly call: 'run'; readonly handle: number }
  | { readonly call: 'close'; readonly handle: number };

export type LoadRequest = LoadCall & { readonly id: number };

/** What a run did. */
export interface Done {
  /** How much was asked for, in the unit of the figure: deliveries, requests, connections. */
  readonly work: number;
  /** What was expected and did not come, and what came twice. */
  readonly losses: number;
  /** From the write of a trigger to the read of a delivery. */
  readonly latencyMs?: { readonly p50: number; readonly p99: number };
}

/** What a run did and what it cost whom. */
export interface LoadResult extends Done {
  readonly seconds: number;
  /** What each of the target's processes used, user and system together. */
  readonly cpuMicros: readonly number[];
  /** Share of one core that the generator itself used. */
  readonly cpuShare: number;
  /** Share of the time in which the generator's event loop had something to do. */
  readonly loopShare: number;
}

export type LoadAnswer =
  | { readonly id: number; readonly kind: 'prepared'; readonly handle: number }
  | { readonly id: number; readonly kind: 'planned' }
  | { readonly id: number; readonly kind: 'ran'; readonly result: LoadResult }
  | { readonly id: number; readonly kind: 'closed' }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
