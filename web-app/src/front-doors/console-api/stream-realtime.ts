import { forSuperManagers } from './super-managers.ts';

/** A stream ends by itself after so long; the browser opens it again, and is asked again who it is. */
const LONGEST_STREAM_MS = 10 * 60_000;

/** `GET /realtime/stream`: what happens on the realtime server, as server-sent events. */
export const streamRealtime = forSuperManagers('get', '/realtime/stream', async (deps) => ({
  status: 200,
  stream: await deps.realtime.stream(LONGEST_STREAM_MS),
  // Proxies that gather answers would keep a stream back.
  headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
}));
