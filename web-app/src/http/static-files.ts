import compression from 'compression';
import express, { Router, type RequestHandler } from 'express';
import path from 'node:path';
import { documentedPusherJs } from './documented-pusher-js.ts';
import { forAnySite } from './security-headers.ts';

export interface StaticFolders {
  /** The built agent console. */
  console: string;
  /** The built widget: `kefu_online.js`, `kefu_more.js`, `panel/`, and what it ships for the launcher. */
  widget: string;
  /** The official pusher-js for browsers. */
  pusherJs: string;
}

export interface StaticHeaders {
  console: RequestHandler;
  panel: RequestHandler;
}

/** The loader under the names that WoLive's pages and our snippet use. */
const LOADER_PATHS = ['/widget.js', '/assets/index/kefu_online.js', '/assets/js/index/kefu_online.js'];
/** What the loader fetches once it is needed. */
const SECOND_SCRIPT_PATH = '/assets/index/kefu_more.js';
const PUSHER_JS_PATH = '/assets/libs/push/pusher.min.js';
const LAUNCHER_IMAGE_PATH = '/assets/images/index/im.png';

/** Vite puts a hash into these names. */
const IMMUTABLE_SECONDS = 365 * 24 * 60 * 60;
const SHARED_SECONDS = 300;

/** Built files. Pages are asked for anew each time; what carries a hash in its name is kept for ever. */
export function staticFiles(folders: StaticFolders, headers: StaticHeaders): Router {
  const router = Router();
  // Only these: what answers from here on may be a stream, or hold secrets beside what a stranger sent.
  router.use(['/widget.js', '/assets', '/widget', '/console'], compression());
  router.get(LOADER_PATHS, forAnySite, oneFile(folders.widget, 'kefu_online.js', SHARED_SECONDS));
  router.get(SECOND_SCRIPT_PATH, forAnySite, oneFile(folders.widget, 'kefu_more.js', SHARED_SECONDS));
  router.get(PUSHER_JS_PATH, forAnySite, documentedPusherJs(folders.pusherJs));
  router.get(LAUNCHER_IMAGE_PATH, forAnySite, oneFile(folders.widget, 'im.png', SHARED_SECONDS));

  router.use('/widget/panel/assets', hashedFiles(path.join(folders.widget, 'panel', 'assets')));
  router.use('/widget/panel', headers.panel, pageFiles(path.join(folders.widget, 'panel')));

  router.use('/console/assets', hashedFiles(path.join(folders.console, 'assets')));
  router.use('/console', headers.console, pageFiles(folders.console));
  // The console's own router knows the rest of its addresses.
  router.get('/console/*page', oneFile(folders.console, 'index.html', 0));
  return router;
}

function hashedFiles(folder: string): RequestHandler {
  return express.static(folder, { immutable: true, maxAge: IMMUTABLE_SECONDS * 1000, index: false, redirect: false });
}

function pageFiles(folder: string): RequestHandler {
  return express.static(folder, {
    setHeaders: (res) => {
      res.setHeader('Cache-Control', 'no-cache');
    },
  });
}

/** Not there (not built, not shipped): the next one answers, in the end a 404. */
function oneFile(folder: string, name: string, maxAgeSeconds: number): RequestHandler {
  return (_req, res, next) => {
    const cacheControl = maxAgeSeconds === 0 ? 'no-cache' : `public, max-age=${maxAgeSeconds}`;
    res.sendFile(name, { root: folder, cacheControl: false, headers: { 'Cache-Control': cacheControl } }, (error) => {
      if (error && !res.headersSent) next();
    });
  };
}
