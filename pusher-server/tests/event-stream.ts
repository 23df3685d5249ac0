import { signedUrl, type RequestOptions } from './start.ts';

/** One event of a stream; `data` decoded. */
export interface StreamedEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A listener to an app's stream that keeps what it hears until the test asks for it. */
export interface StreamListener {
  readonly response: Response;
  /** The first event not yet taken with this name, and with these fields; those before it are passed over. */
  next(event: string, fields?: Readonly<Record<string, unknown>>): Promise<StreamedEvent['data']>;
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

const WAIT_MS = 5_000;

/** Opens the stream of the test's app. */
export async function listen(port: number, options: RequestOptions = {}): Promise<StreamListener> {
  const stop = new AbortController();
  const response = await fetch(signedUrl(port, 'GET', '/stream', options), { signal: stop.signal });
  const heard: StreamedEvent[] = [];
  let look: () => void = () => undefined;
  const ended = read(response, (event) => {
    heard.push(event);
    look();
  });
  return {
    response,
    ended,
    close: () => stop.abort(),
    next: (name, fields = {}) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no ${name}; heard ${JSON.stringify(heard)}`)), WAIT_MS);
        look = () => {
          const index = heard.findIndex(({ event, data }) => event === name && matches(data, fields));
          if (index < 0) return;
          const [found] = heard.splice(0, index + 1).slice(-1);
          clearTimeout(timer);
          look = () => undefined;
          if (found !== undefined) resolve(found.data);
        };
        look();
      }),
  };
}

function matches(data: StreamedEvent['data'], fields: StreamedEvent['data']): boolean {
  return Object.entries(fields).every(([name, value]) => data[name] === value);
}

async function read(response: Response, heard: (event: StreamedEvent) => void): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const match = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end));
        text = text.slice(end + 2);
        if (match?.[1] !== undefined && match[2] !== undefined) {
          heard({ event: match[1], data: JSON.parse(match[2]) as StreamedEvent['data'] });
        }
      }
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}
