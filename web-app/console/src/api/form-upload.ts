import { ApiError } from './api-error.ts';

/** What came back over HTTP, before anybody has looked into it. */
export interface Answer {
  status: number;
  ok: boolean;
  text: string;
  retryAfter: string | null;
}

export interface UploadWatch {
  /** Told now and then how much has gone out, 0 to 1. */
  progress: (share: number) => void;
  /** Gives it up. */
  signal: AbortSignal;
}

export interface FormUpload extends UploadWatch {
  path: string;
  headers: Readonly<Record<string, string>>;
  form: FormData;
}

/** Nothing moved for so long: the connection is dead though nobody said so. */
const STALLED_MS = 30_000;

/**
 * Posts a form with a file. An XMLHttpRequest, because `fetch` tells nothing of what has gone out.
 * @throws ApiError when no answer came: `unreachable`, or `aborted` when the signal said so
 */
export function sendForm({ path, headers, form, progress, signal }: FormUpload): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const abort = () => call.abort();
    let stalled: ReturnType<typeof setTimeout> | undefined;

    function moved(): void {
      clearTimeout(stalled);
      stalled = setTimeout(abort, STALLED_MS);
    }

    function ended(): void {
      clearTimeout(stalled);
      signal.removeEventListener('abort', abort);
    }

    function fail(code: string): void {
      ended();
      reject(new ApiError(0, code, 'The file did not reach the server'));
    }

    call.upload.onprogress = ({ loaded, total }) => {
      moved();
      if (total > 0) progress(loaded / total);
    };
    call.onload = () => {
      ended();
      const { status, responseText: text } = call;
      resolve({ status, ok: status >= 200 && status < 300, text, retryAfter: call.getResponseHeader('Retry-After') });
    };
    call.onerror = () => fail('unreachable');
    call.onabort = () => fail(signal.aborted ? 'aborted' : 'unreachable');

    if (signal.aborted) return fail('aborted');
    signal.addEventListener('abort', abort);
    call.open('POST', path);
    for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value);
    moved();
    call.send(form);
  });
}
