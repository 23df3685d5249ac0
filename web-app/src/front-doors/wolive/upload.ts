import { fileUrl } from '../../domain/files/file-url.ts';
import { DomainError } from '../../domain/errors.ts';
import type { FileRow, Visitor } from '../../domain/model.ts';
import { decode } from '../decode.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import type { LegacyCall, LegacyRequest } from './legacy-call.ts';
import { success, type Reply } from './reply.ts';
import { businessOpenToVisiters, pageOf, speakingVisiter } from './speaking-visiter.ts';
import { saidTo } from './visiter-chat.ts';
import { uploadRequest } from './wire.ts';

/** `/admin/event/upload`: an image. */
export const uploadImage: LegacyCall = {
  paths: ['/admin/event/upload'],
  reads: false,
  access: 'visitor',
  failureCode: 1,
  upload: 'upload',
  handle: (deps, request) => uploaded(deps, request, 'image'),
};

/** `/admin/event/uploadfile`: any file. */
export const uploadFile: LegacyCall = {
  paths: ['/admin/event/uploadfile'],
  reads: false,
  access: 'visitor',
  failureCode: 1,
  upload: 'folder',
  handle: (deps, request) => uploaded(deps, request, 'file'),
};

/** `data` is the file's path. Whoever names themselves, the agent and the business has sent it as well. */
async function uploaded(deps: FrontDoorDeps, request: LegacyRequest, kind: 'image' | 'file'): Promise<Reply> {
  const input = decode(uploadRequest, request.fields);
  if (request.upload === null) throw new DomainError('invalid', 'the form has no file');
  const expects = kind === 'image' ? 'image' : 'any';
  if (input.business_id === '') {
    // The document's form holds nothing but the file: it is nobody's until somebody sends it.
    return success(
      fileUrl(await deps.services.files.receive({ businessId: null, userId: null }, request.upload, expects)),
    );
  }
  const business = await businessOpenToVisiters(deps.services, input.business_id);
  const isNamed = input.visiter_id !== '' || input.channel !== '';
  const profile = { nickname: '', avatar: '', passive: true };
  const visitor: Visitor | null = isNamed
    ? (await speakingVisiter(deps, request, business, { ...input, business_id: business.slug }, profile)).visitor
    : null;
  const owner = { businessId: business.id, userId: visitor?.id ?? null };
  const file: FileRow = await deps.services.files.receive(owner, request.upload, expects);
  if (visitor === null || input.service_id === 0) return success(fileUrl(file));
  const message = {
    clientId: input.client_id || null,
    body: { type: kind, content: { key: file.key } },
    page: pageOf(input) || null,
  };
  const reply = await saidTo(deps, visitor, { business, serviceId: input.service_id, message });
  return reply.code === 0 ? success(fileUrl(file)) : reply;
}
