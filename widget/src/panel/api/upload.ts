import type { ApiFile, ApiProblem } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { API, ApiFailure, refusedAs } from './http.ts';

export interface Upload {
  file: Blob;
  name: string;
  token: string;
  /** Told now and then how much is there, 0 to 1. */
  progress: (share: number) => void;
  signal: AbortSignal;
}

/** Nothing moved for so long: the connection is dead though nobody said so. */
const STALLED_MS = 30_000;

/**
 * Sends one file to `POST /files`. An XMLHttpRequest, because `fetch` tells nothing of what has gone out.
 * @throws ApiFailure when it was refused or not answered; `aborted` when the signal said so
 */
export function upload({ file, name, token, progress, signal }: Upload): Promise<ApiFile> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const body = new FormData();
    body.append('file', file, name);
    let stalled: ReturnType<typeof setTimeout>;
    const moved = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => call.abort(), STALLED_MS);
    };
    const abort = () => call.abort();
    const fail = (failure: ApiFailure) => {
      clearTimeout(stalled);
      signal.removeEventListener('abort', abort);
      reject(failure);
    };

    call.upload.onprogress = ({ loaded, total }) => {
      moved();
      if (total > 0) progress(loaded / total);
    };
    call.onload = () => {
      const answer = call.response as Partial<ApiFile & ApiProblem> | null;
      if (call.status !== 201 || answer?.key === undefined) {
        return fail(refusedAs(call.status, answer ?? {}, call.getResponseHeader('Retry-After')));
      }
      clearTimeout(stalled);
      signal.removeEventListener('abort', abort);
      resolve(answer as ApiFile);
    };
    call.onerror = () => fail(new ApiFailure(0, 'unreachable'));
    call.onabort = () => fail(new ApiFailure(0, signal.aborted ? 'aborted' : 'unreachable'));

    if (signal.aborted) return reject(new ApiFailure(0, 'aborted'));
    signal.addEventListener('abort', abort);
    call.open('POST', `${API}/files`);
    call.responseType = 'json';
    call.setRequestHeader('Authorization', `Bearer ${token}`);
    moved();
    call.send(body);
  });
}
