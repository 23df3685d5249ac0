import type { App } from '../apps/app.ts';
import type { AppRegistry } from '../apps/app-registry.ts';
import type { ChannelRegistry } from '../channels/channel-registry.ts';
import type { Publishing } from '../channels/publish.ts';
import type { Subscriber } from '../channels/subscriber.ts';
import type { ConnectionPage } from '../connection/connection-list.ts';
import type { Logger } from '../logger.ts';
import type { RestReply } from '../transport/uws-http.ts';
import type { Parameters } from './query.ts';

/** What the REST API works with. */
export interface RestDependencies extends Publishing {
  readonly apps: AppRegistry;
  readonly channels: ChannelRegistry;
  /** The connection with this id, when it is one of this node's. */
  readonly findSubscriber: (appId: string, socketId: string) => Subscriber | null;
  /** The app's connections on this node that are numbered below `before`, the newest first. */
  readonly listConnections: (appId: string, before: number, limit: number) => ConnectionPage;
  readonly report: (error: unknown) => void;
  readonly log: Logger;
  /** Hears how long an app's request took that came at `since` (`performance.now()`), when its events are handed on. */
  readonly publishLag: { observe(appId: string, since: number): void };
}

/** A request that was found to be signed by the app. */
export interface SignedRequest {
  readonly app: App;
  readonly parameters: Parameters;
  /** Decoded, without the app id. */
  readonly path: readonly string[];
  readonly body: Buffer;
  /** When it came, in milliseconds of `performance.now()`. */
  readonly receivedAt: number;
}

/** Does what a signed request asks for; refuses by throwing a `RestError`. */
export type Operation = (deps: RestDependencies, request: SignedRequest) => RestReply | Promise<RestReply>;
