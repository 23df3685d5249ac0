import type { ShallowRef } from 'vue';
import type { ApiMessage, SendMessageRequest } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Pause } from '../pause.ts';
import type { PendingMessage, SentBody } from '../timeline/rows.ts';
import { imageSize } from './image-size.ts';
import { Outbox } from './outbox.ts';
import type { Uploads } from './uploads.ts';

export interface SendingDeps {
  pause: Pause;
  token: () => string;
  page: () => string;
  /** Where to write, beginning a session first where there is none; null when closed. */
  conversation: () => Promise<number | null>;
  post: (conversation: number, message: SendMessageRequest) => Promise<ApiMessage>;
  stored: (message: ApiMessage) => void;
  renew: () => Promise<void>;
  newestSeq: () => number;
  keep: (message: PendingMessage) => void;
  drop: (clientId: string) => void;
}

/** Everything that the visitor sends, from the moment it is sent until the server has it. */
export interface Sending {
  pending: ShallowRef<readonly PendingMessage[]>;
  /** Addresses in memory of what this page uploaded, by the key of the file. */
  previews: ReadonlyMap<string, string>;
  add(body: SentBody): void;
  addFiles(files: readonly File[]): Promise<void>;
  addVoice(sound: Blob, durationMs: number): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  start(): void;
  close(): void;
}

/** The limit of the wire. */
const MAX_PAGE = 2048;

export function createSending(deps: SendingDeps, left: readonly PendingMessage[]): Sending {
  const previews = new Map<string, string>();
  const memory = new Set<string>();

  /** What brings files to the server is loaded with the first of them. */
  let uploads: Promise<Uploads> | null = null;

  async function openUploads(): Promise<Uploads> {
    const [{ Uploads: Queue }, { upload }] = await Promise.all([import('./uploads.ts'), import('../api/upload.ts')]);
    return new Queue({
      pause: deps.pause,
      renew: deps.renew,
      async upload(file, name, progress, signal) {
        // There is no token before there is a conversation.
        await deps.conversation();
        return upload({ file, name, progress, signal, token: deps.token() });
      },
      progress: (clientId, share) => outbox.progress(clientId, share),
      uploaded(clientId, file) {
        const body = outbox.pending.value.find((message) => message.clientId === clientId)?.body;
        if (body && 'url' in body.content && memory.has(body.content.url)) previews.set(file.key, body.content.url);
        outbox.uploaded(clientId, file);
      },
      failed: (clientId, code) => outbox.uploadFailed(clientId, code),
    });
  }

  async function startUpload({ clientId, file, body }: PendingMessage): Promise<void> {
    try {
      const queue = await (uploads ??= openUploads());
      // It may have been deleted while the code was on its way.
      const waits = outbox.pending.value.some((message) => message.clientId === clientId);
      if (waits && file) queue.add(clientId, file, 'name' in body.content ? body.content.name : '');
    } catch {
      uploads = null;
      outbox.uploadFailed(clientId, 'unreachable');
    }
  }

  const outbox = new Outbox(
    {
      pause: deps.pause,
      stored: deps.stored,
      renew: deps.renew,
      newestSeq: deps.newestSeq,
      keep: deps.keep,
      drop: deps.drop,
      upload: (message) => void startUpload(message),
      cancelUpload: (clientId) => void uploads?.then((queue) => queue.cancel(clientId)),
      async send(message) {
        const conversation = await deps.conversation();
        if (conversation === null) return null;
        return deps.post(conversation, requestOf(message, deps.page().slice(0, MAX_PAGE)));
      },
    },
    left,
  );

  function inMemory(file: Blob): string {
    const url = URL.createObjectURL(file);
    memory.add(url);
    return url;
  }

  async function bodyOf(file: File): Promise<SentBody> {
    const content = { key: '', name: file.name || 'image.png', size: file.size, url: inMemory(file) };
    const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.type);
    const size = picture ? await imageSize(content.url) : null;
    return size === null ? { type: 'file', content } : { type: 'image', content: { ...content, ...size } };
  }

  return {
    pending: outbox.pending,
    previews,
    add: (body) => outbox.add(body, null, new Date()),
    async addFiles(files) {
      const bodies = await Promise.all(files.map(bodyOf));
      for (const [index, body] of bodies.entries()) outbox.add(body, files[index] ?? null, new Date());
    },
    addVoice(sound, durationMs) {
      const name = `voice.${/mp4/.test(sound.type) ? 'm4a' : /ogg/.test(sound.type) ? 'ogg' : 'webm'}`;
      const content = { key: '', name, size: sound.size, url: inMemory(sound), durationMs };
      outbox.add({ type: 'voice', content }, sound, new Date());
    },
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    start: () => outbox.start(),
    close() {
      void uploads?.then((queue) => queue.close());
      for (const url of memory) URL.revokeObjectURL(url);
    },
  };
}

function requestOf({ clientId, body }: PendingMessage, page: string): SendMessageRequest {
  const sent = { clientId, page };
  switch (body.type) {
    case 'text':
    case 'card':
      return { ...sent, ...body };
    case 'image':
    case 'file':
      return { ...sent, type: body.type, content: { key: body.content.key } };
    case 'voice':
      return { ...sent, type: 'voice', content: { key: body.content.key, durationMs: body.content.durationMs } };
    default:
      return body satisfies never;
  }
}
