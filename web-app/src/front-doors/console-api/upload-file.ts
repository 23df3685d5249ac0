import { fileUrl } from '../../domain/files/file-url.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Endpoint } from './endpoint.ts';
import type { ApiFile } from './wire.ts';

/** `POST /files`: 201 with the key under which it can be sent, once, by its uploader. */
export const uploadFile: Endpoint = {
  method: 'post',
  path: '/files',
  access: 'either',
  upload: 'file',
  async handle({ services }, who, { upload }) {
    if (upload === null) throw new DomainError('invalid', 'The form has no file in its field `file`');
    const file = await services.files.receive({ businessId: who.businessId, userId: who.userId }, upload, 'any');
    const { key, name, size, type, width, height } = file;
    const body: ApiFile = { key, url: fileUrl(file), name, size, type, width, height };
    return { status: 201, body };
  },
};
