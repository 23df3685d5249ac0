/** pusher-js 4 has no types of its own; these cover what the suites use of it. */
declare module 'pusher-js-4' {
  type Callback = (data: unknown, metadata?: unknown) => void;

  interface Channel {
    readonly name: string;
    bind(event: string, callback: Callback): unknown;
    unbind(event: string, callback: Callback): unknown;
    trigger(event: string, data: unknown): boolean;
  }

  interface Options {
    readonly wsHost: string;
    readonly wsPort: number;
    readonly forceTLS: boolean;
    readonly enabledTransports: readonly string[];
    readonly disableStats: boolean;
    readonly authorizer: (channel: Channel) => {
      authorize(socketId: string, callback: (failed: boolean, answer: unknown) => void): void;
    };
  }

  export default class Pusher {
    constructor(key: string, options: Options);
    readonly connection: {
      readonly state: string;
      readonly socket_id: string;
      bind(event: string, callback: Callback): unknown;
      unbind(event: string, callback: Callback): unknown;
    };
    subscribe(name: string): Channel;
    unsubscribe(name: string): void;
    disconnect(): void;
  }
}
