import { AppFeed, eventText } from '../feed/app-feed.ts';
import { forgetIfUnused } from '../feed/feed-relay.ts';
import type { StreamSink, StreamSource } from '../transport/uws-event-stream.ts';
import type { RestReply } from '../transport/uws-http.ts';
import type { RestDependencies, SignedRequest } from './context.ts';
import { RestError } from './errors.ts';

/** Below the patience of proxies and of the transport. */
const HEARTBEAT_MS = 15_000;
/** How long a client waits before it comes back. */
const RETRY_MS = 2_000;
const MAX_LISTENERS = 32;

/** `GET /apps/:id/stream`: what happens in the app on every node, as server-sent events. SPEC.md H31, H32. */
export function getStream(deps: RestDependencies, request: SignedRequest): RestReply {
  const channels = deps.channels.of(request.app.id);
  if ((channels.feed?.size ?? 0) >= MAX_LISTENERS) {
    throw new RestError(429, `The app has all the listeners it may (${String(MAX_LISTENERS)})`, 10);
  }
  const stream: StreamSource = {
    lost: (count) => eventText('dropped', { time: new Date().toISOString(), count }),
    open(sink: StreamSink) {
      sink.write(`retry: ${String(RETRY_MS)}\n\n`);
      const feed = (channels.feed ??= new AppFeed());
      feed.add(sink);
      if (feed.size === 1) deps.cluster.listenToFeed(channels.appId, true);
      const heartbeat = setInterval(() => sink.write(': still here\n\n'), HEARTBEAT_MS);
      heartbeat.unref();
      return () => {
        clearInterval(heartbeat);
        feed.remove(sink);
        if (feed.size === 0) deps.cluster.listenToFeed(channels.appId, false);
        forgetIfUnused(channels, feed);
      };
    },
  };
  return { status: 200, body: '', stream };
}
