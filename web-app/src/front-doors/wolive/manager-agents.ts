import { DomainError } from '../../domain/errors.ts';
import { fileUrl } from '../../domain/files/file-url.ts';
import { requireManager } from '../../domain/level-rules.ts';
import { decode } from '../decode.ts';
import type { LegacyCall } from './legacy-call.ts';
import { inWords, success } from './reply.ts';
import { passwordRequest, profileRequest, registerRequest } from './wire.ts';

const TAKEN = { conflict: '用户名已存在' };
const DONE = { code: 0, msg: '成功' };

/** `/admin/manager/registForService`: makes an agent of the manager's business. */
export const registerService: LegacyCall = {
  paths: ['/admin/manager/registForService'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services, auth }, agent, request) {
    requireManager(agent);
    const { user_name: userName, nick_name, password, level, ...input } = decode(registerRequest, request.fields);
    const { phone, email, avatar } = input;
    const profile = { userName, nickname: nick_name.trim() || userName, phone, email, avatar };
    const passwordHash = await auth.hashPassword(password);
    await inWords(TAKEN, () => services.agents.register(agent, { profile, level, passwordHash }));
    return DONE;
  },
};

/** `/admin/manager/uploadpic`: a picture that `update` and `registForService` can then name. */
export const uploadPicture: LegacyCall = {
  paths: ['/admin/manager/uploadpic'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  upload: 'img_head',
  async handle({ services }, { businessId, userId }, { upload }) {
    if (upload === null) throw new DomainError('invalid', 'the form has no file img_head');
    return success(fileUrl(await services.files.receive({ businessId, userId }, upload, 'image')));
  },
};

/** `/admin/manager/update`: the agent's own profile, and for managers the name of their business. */
export const updateService: LegacyCall = {
  paths: ['/admin/manager/update'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { user_name, nick_name, company, ...input } = decode(profileRequest, request.fields);
    if (company !== undefined) requireManager(agent);
    const { avatar, phone, email } = input;
    const before = await services.agents.byId(agent.businessId, agent.userId);
    const isRenamed = user_name !== undefined && user_name !== before?.userName;
    await inWords(TAKEN, () =>
      services.agents.describe(agent, {
        ...(isRenamed ? { userName: user_name } : {}),
        ...(nick_name === undefined ? {} : { nickname: nick_name }),
        ...(avatar === undefined ? {} : { avatar }),
        ...(phone === undefined ? {} : { phone }),
        ...(email === undefined ? {} : { email }),
      }),
    );
    if (company !== undefined) await services.businesses.rename(agent, company);
    // A session goes by the user name: this one goes on under the new one.
    if (isRenamed) await request.session.signIn(agent);
    return DONE;
  },
};

/** `/admin/manager/modify`: a new password. Only this session outlives it, under a new id. */
export const modifyPassword: LegacyCall = {
  paths: ['/admin/manager/modify'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services, auth }, agent, request) {
    const { oldpass, newpass } = decode(passwordRequest, request.fields);
    const userName = (await services.agents.byId(agent.businessId, agent.userId))?.userName ?? '';
    const wrong = { unauthorized: '原密码不正确' };
    await inWords(wrong, () => auth.signInWithPassword(userName, oldpass, request.address));
    await services.agents.setPassword(agent, await auth.hashPassword(newpass));
    await request.session.signIn(agent);
    return DONE;
  },
};
