import express, { type Router } from 'express';
import type { FrontDoorDeps } from '../front-door.ts';
import { answerWeixin, isSignedByWeixin } from './weixin-callback.ts';

const CALLBACK_PATH = '/admin/weixin/callback';
const MAX_BYTES = 64 * 1024;

/**
 * Where the official account's server calls, in plain mode: GET once, to see whether we know the token, then POST with
 * what followers write. Whatever happens to a message, WeChat is told `success`, or it would send it twice more.
 */
export function mountWeixinCallback(router: Router, { services, config }: FrontDoorDeps): void {
  const { weixinToken } = config;
  if (weixinToken === null) return;
  router.use(CALLBACK_PATH, (req, res, next) => {
    if (isSignedByWeixin(weixinToken, req.query, new Date())) next();
    else res.status(401).type('text/plain').send('signature\n');
  });
  router.get(CALLBACK_PATH, (req, res) => {
    const { echostr } = req.query;
    res.type('text/plain').send(typeof echostr === 'string' ? echostr : '');
  });
  router.post(CALLBACK_PATH, express.text({ type: () => true, limit: MAX_BYTES }), async (req, res) => {
    const answer = await answerWeixin(services, typeof req.body === 'string' ? req.body : '', new Date());
    if (answer === null) res.type('text/plain').send('success');
    else res.type('application/xml').send(answer);
  });
}
