import { decode } from '../decode.ts';
import type { Call, FrontDoorDeps } from '../front-door.ts';
import { conversationIdOf, ok, type Endpoint } from './endpoint.ts';
import { callRequest, type ApiCall, type ApiCallAnswer, type ApiIceServer, type ApiRinging } from './wire.ts';

/** `POST /conversations/:id/calls {kind}`: rings at the other side. */
export const offerCall: Endpoint = {
  method: 'post',
  path: '/conversations/:id/calls',
  access: 'either',
  async handle(deps, who, call) {
    const id = conversationIdOf(call);
    const { kind } = decode(callRequest, call.body);
    deps.rateLimiter.take('calls', who.userId);
    const { room } = await deps.services.calls.offer(who, id, kind);
    const body: ApiCall = { room, iceServers: iceServers(deps) };
    return { status: 201, body };
  },
};

/** `GET /calls/ringing`: for a page that came after the ringing began. */
export const getRinging: Endpoint = {
  method: 'get',
  path: '/calls/ringing',
  access: 'either',
  async handle({ services }, who) {
    const ringing = await services.calls.ringing(who);
    if (ringing === null) return ok({ call: null } satisfies ApiRinging);
    const { room, conversationId, kind } = ringing.call;
    const { nickname: name, avatar } = ringing.caller;
    return ok({ call: { room, conversationId, kind, name, avatar } } satisfies ApiRinging);
  },
};

/** `POST /calls/:room/accept`: one of the callee's tabs gets it. */
export const acceptCall: Endpoint = {
  method: 'post',
  path: '/calls/:room/accept',
  access: 'either',
  async handle(deps, who, call) {
    await deps.services.calls.accept(who, roomOf(call));
    return ok({ iceServers: iceServers(deps) } satisfies ApiCallAnswer);
  },
};

/** `POST /calls/:room/refuse` and `…/end`: what this side's last word means depends on how far the call has come. */
export const refuseCall = ending('/calls/:room/refuse');
export const endCall = ending('/calls/:room/end');

/** `POST /calls/:room/alive`: it goes on. */
export const keepCallAlive: Endpoint = {
  method: 'post',
  path: '/calls/:room/alive',
  access: 'either',
  async handle({ services }, who, call) {
    await services.calls.keepAlive(who, roomOf(call));
    return { status: 204 };
  },
};

function ending(path: string): Endpoint {
  return {
    method: 'post',
    path,
    access: 'either',
    async handle({ services }, who, call) {
      await services.calls.end(who, roomOf(call));
      return { status: 204 };
    },
  };
}

/** The domain takes nothing that is no room for one. */
function roomOf(call: Call): string {
  return String(call.params['room']);
}

function iceServers({ config }: FrontDoorDeps): ApiIceServer[] {
  return config.iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }));
}
