import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import multer, { diskStorage, MulterError } from 'multer';
import { MAX_FILE_BYTES } from '../domain/files/file-rules.ts';
import type { ArrivedFile } from '../domain/services.ts';

/** A form that was refused before anything of it was kept; Express's own errors carry `status` in the same way. */
class UploadRefused extends Error {
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string, cause: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** Beside the file a form has a few short fields. */
const LIMITS = { fileSize: MAX_FILE_BYTES, files: 1, fields: 40, fieldSize: 64 * 1024, parts: 50 };

/** A file that is being written to changes all the time. */
const LEFTOVER_MS = 60 * 60 * 1000;

/** Takes multipart forms in. Their file lies in a temporary place until it was looked at. */
export class Uploads {
  readonly #folder: string;
  readonly #storage: multer.StorageEngine;
  #made: Promise<unknown> | null = null;

  /** `folder` lies on the disk on which files are kept. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#storage = diskStorage({
      destination: (_req, _file, done) => done(null, folder),
      filename: (_req, _file, done) => done(null, randomBytes(16).toString('hex')),
    });
  }

  /**
   * Reads the form; its other fields are in `req.body` afterwards. The file is gone once `use` has returned or thrown.
   * @param field what the file is called; without one of that name `use` gets null
   * @throws UploadRefused for a form that is too large or none
   */
  async with<T>(req: Request, res: Response, field: string, use: (file: ArrivedFile | null) => Promise<T>): Promise<T> {
    await this.#makeFolder();
    await this.#read(req, res, field);
    const file = req.file === undefined ? null : arrived(req.file);
    try {
      return await use(file);
    } finally {
      if (file !== null) await rm(file.path, { force: true });
    }
  }

  /** Removes what a process that ended halfway has left here; answers how many. */
  async forgetLeftovers(): Promise<number> {
    await this.#makeFolder();
    const before = Date.now() - LEFTOVER_MS;
    let forgotten = 0;
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const changedAt = (await stat(path).catch(() => null))?.mtimeMs;
      if (changedAt === undefined || changedAt > before) continue;
      await rm(path, { force: true });
      forgotten += 1;
    }
    return forgotten;
  }

  #makeFolder(): Promise<unknown> {
    this.#made ??= mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      this.#made = null;
      throw error;
    });
    return this.#made;
  }

  #read(req: Request, res: Response, field: string): Promise<void> {
    const read = multer({ storage: this.#storage, limits: LIMITS, defParamCharset: 'utf8', preservePath: true }).single(
      field,
    );
    return new Promise((resolve, reject) => {
      read(req, res, (error: unknown) => {
        if (error === undefined || error === null) resolve();
        else reject(refusal(error));
      });
    });
  }
}

/** Where temporary files lie within the folder of files. */
export function incomingFolder(filesDir: string): string {
  return join(filesDir, 'incoming');
}

function arrived({ path, originalname, size }: Express.Multer.File): ArrivedFile {
  return { path, name: originalname, size };
}

/** What the form did wrong; a full or missing disk is our own fault and stays what it is. */
function refusal(error: unknown): Error {
  if (error instanceof MulterError) {
    return error.code === 'LIMIT_FILE_SIZE'
      ? new UploadRefused(413, `A file may have ${MAX_FILE_BYTES} bytes`, error)
      : new UploadRefused(400, `The form cannot be taken: ${error.message}`, error);
  }
  const isSystems = error instanceof Error && 'syscall' in error;
  return isSystems ? error : new UploadRefused(400, 'The form could not be read', error);
}
