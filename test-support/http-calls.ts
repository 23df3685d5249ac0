/** An answer, read whole. `body` is the JSON, or the text of what is none. */
export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

type HeaderFields = Readonly<Record<string, string>>;

/** Calls one server as somebody; `with` makes the same caller carry more headers. */
export interface HttpCaller {
  readonly webUrl: string;
  with(headers: HeaderFields): HttpCaller;
  get<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>>;
  json<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
  form<Body = Record<string, unknown>>(path: string, fields: Readonly<Record<string, string>>): Promise<Answer<Body>>;
  /** A form with files. */
  upload<Body = Record<string, unknown>>(path: string, form: FormData): Promise<Answer<Body>>;
  /** Any body as it is. */
  raw<Body = Record<string, unknown>>(method: string, path: string, type: string, body: string): Promise<Answer<Body>>;
}

export function httpCaller(webUrl: string, headers: HeaderFields = {}): HttpCaller {
  async function call<Body>(
    method: string,
    path: string,
    extra: HeaderFields,
    body?: string | FormData,
  ): Promise<Answer<Body>> {
    const answer = await fetch(webUrl + path, {
      method,
      headers: { ...headers, ...extra },
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.status, headers: answer.headers, body: jsonOrText(await answer.text()) as Body };
  }
  return {
    webUrl,
    with: (more) => httpCaller(webUrl, { ...headers, ...more }),
    get: (path) => call('GET', path, {}),
    json: (method, path, body) =>
      body === undefined
        ? call(method, path, {})
        : call(method, path, { 'Content-Type': 'application/json' }, JSON.stringify(body)),
    form: (path, fields) =>
      call(
        'POST',
        path,
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        new URLSearchParams(fields).toString(),
      ),
    upload: (path, form) => call('POST', path, {}, form),
    raw: (method, path, type, body) => call(method, path, { 'Content-Type': type }, body),
  };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** The cookies that an answer sets, as a request sends them back. */
export function cookiesOf({ headers }: Pick<Answer, 'headers'>): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** Asks again until the answer satisfies, for what the realtime server tells by webhook in its own time. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  satisfies: (value: Value) => boolean,
  timeoutMs = 15_000,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (satisfies(value)) return value;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
