import { decodedSize } from './image-size.ts';
import type { OutgoingBody } from './outgoing-messages.ts';

/** What browsers show and the server takes as a picture. */
const PICTURE = /^image\/(?:png|jpeg|gif|webp)$/u;

/**
 * A chosen file as a message whose file is not at the server yet: its `key` is empty, its `url` shows it from memory.
 *
 * @param addressOf an address of the file in memory
 */
export async function attachmentBody(file: File, addressOf: (file: Blob) => string): Promise<OutgoingBody> {
  const content = { key: '', url: addressOf(file), name: file.name || 'image.png', size: file.size };
  const size = PICTURE.test(file.type) ? await decodedSize(content.url) : null;
  return size === null ? { type: 'file', content } : { type: 'image', content: { ...content, ...size } };
}
