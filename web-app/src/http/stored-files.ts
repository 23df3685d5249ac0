import { basename, dirname } from 'node:path';
import { Router } from 'express';
import { playedAs, SHOWN_IMAGES } from '../domain/files/file-rules.ts';
import type { FileRow } from '../domain/model.ts';
import type { Files } from '../domain/services.ts';
import { notFound } from './problem.ts';

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * `GET /files/KEY/NAME`: what people sent each other. Whoever has the key may read it. Only pictures and sounds that
 * browsers cannot run are shown; everything else is a download, and nothing is a document of our origin.
 */
export function storedFiles(files: Pick<Files, 'byKey' | 'pathOf'>): Router {
  const router = Router();
  router.get(['/files/:key', '/files/:key/:name'], async (req, res, next) => {
    const file = await files.byKey(String(req.params['key']));
    if (file === null) {
      notFound(req, res, next);
      return;
    }
    const type = shownAs(file);
    res.set({
      'Content-Type': type ?? 'application/octet-stream',
      'Content-Disposition': `${type === null ? 'attachment' : 'inline'}; filename*=UTF-8''${headerText(file.name)}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    const path = files.pathOf(file);
    res.sendFile(
      basename(path),
      { root: dirname(path), cacheControl: true, maxAge: A_YEAR_SECONDS * 1000, immutable: true, acceptRanges: true },
      (error) => {
        if (!error || res.headersSent) return;
        if (isBeyondEnd(error))
          res
            .status(416)
            .set({ 'Cache-Control': 'no-store', 'Content-Range': `bytes */${file.size}` })
            .end();
        else notFound(req, res, next);
      },
    );
  });
  return router;
}

/** A range that has nothing of the file. */
function isBeyondEnd(error: Error): boolean {
  return 'status' in error && error.status === 416;
}

/** Null: only to be saved. */
function shownAs(file: FileRow): string | null {
  return file.width !== null && SHOWN_IMAGES.has(file.type) ? file.type : playedAs(file.type);
}

/** RFC 8187; what `encodeURIComponent` leaves alone and a header may not hold. */
function headerText(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}
