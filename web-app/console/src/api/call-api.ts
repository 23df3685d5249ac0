import type { CallApi } from '../../../../widget/src/calls/call-types.ts';
import type { CallRequest } from '../../../src/front-doors/console-api/wire.ts';
import type { HttpClient } from './http-client.ts';

/** The calls of `/api/v1` about calls. All throw `ApiError`. */
export function createCallApi(http: HttpClient): CallApi {
  const call = (room: string, what: string) => `/api/v1/calls/${room}/${what}`;
  return {
    offer: (conversationId, kind) =>
      http.request('POST', `/api/v1/conversations/${conversationId}/calls`, { kind } satisfies CallRequest),
    ringing: () => http.request('GET', '/api/v1/calls/ringing'),
    accept: (room) => http.request('POST', call(room, 'accept')),
    // Whose page goes away leaves nobody waiting for it.
    refuse: (room) => http.request('POST', call(room, 'refuse'), undefined, true),
    end: (room) => http.request('POST', call(room, 'end'), undefined, true),
    keepAlive: (room) => http.request('POST', call(room, 'alive')),
  };
}
