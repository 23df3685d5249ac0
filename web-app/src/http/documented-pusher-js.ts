import type { RequestHandler } from 'express';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const MAX_AGE_SECONDS = 300;

/**
 * Added behind the official file: the options of WoLive's document name no cluster, without which today's pusher-js
 * throws, and say `encrypted` for what is `forceTLS` now. Pages that pass today's options get the official class's
 * behaviour, byte for byte.
 */
const ACCEPTS_THE_DOCUMENT = `
;(function (page) {
  var Official = page.Pusher;
  if (typeof Official !== 'function' || typeof Proxy !== 'function') return;
  page.Pusher = new Proxy(Official, {
    construct: function (target, given) {
      var options = Object.assign({}, given[1]);
      if (options.cluster === undefined && options.wsHost) options.cluster = '';
      if (options.forceTLS === undefined && typeof options.encrypted === 'boolean') options.forceTLS = options.encrypted;
      return Reflect.construct(target, [given[0], options]);
    }
  });
})(self);
`;

/** The official pusher-js of `folder`, which takes the document's options too. Not there: the next one answers. */
export function documentedPusherJs(folder: string): RequestHandler {
  let script: Promise<string> | null = null;
  const read = async () => (await readFile(path.join(folder, 'pusher.min.js'), 'utf8')) + ACCEPTS_THE_DOCUMENT;
  return async (_req, res, next) => {
    script ??= read();
    try {
      res
        .set('Cache-Control', `public, max-age=${MAX_AGE_SECONDS}`)
        .type('text/javascript')
        .send(await script);
    } catch (error) {
      script = null;
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') next();
      else next(error);
    }
  };
}
