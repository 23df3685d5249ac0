import type { AgentActor } from '../../domain/actor.ts';
import type { WeixinBinding } from '../../domain/services.ts';
import { decode } from '../decode.ts';
import type { LegacyCall } from './legacy-call.ts';
import { success } from './reply.ts';
import { weixinRequest } from './wire.ts';

/** `wolive_weixin`. */
function weixinRow({ id, userId, openId }: WeixinBinding) {
  return { wid: id, service_id: userId, open_id: openId };
}

/** `/admin/weixin/get`: the agent's own row; null while there is none. */
export const getWeixin: LegacyCall = {
  paths: ['/admin/weixin/get'],
  reads: true,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent) {
    const binding = await services.weixin.bindingOf(agent);
    return success(binding && weixinRow(binding));
  },
};

/** `/admin/weixin/bind`: with `open_id` binds it; without, answers the code that binds whoever writes it to the account. */
export const bindWeixin: LegacyCall = {
  paths: ['/admin/weixin/bind'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent: AgentActor, request) {
    const { open_id } = decode(weixinRequest, request.fields);
    if (open_id !== '') return success(weixinRow(await services.weixin.bind(agent, open_id)), 'success');
    const { code, expiresInS } = await services.weixin.makeCode(agent);
    return success({ code, expires_in: expiresInS }, 'success');
  },
};

/** `/admin/weixin/unbind`: nothing is told to the agent's WeChat any more. */
export const unbindWeixin: LegacyCall = {
  paths: ['/admin/weixin/unbind'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent) {
    await services.weixin.unbind(agent);
    return { code: 0, msg: 'success' };
  },
};
