import { Router } from 'express';
import sharp from 'sharp';
import { DEFAULT_AVATAR_PATH, defaultAvatarSvg } from '../pages/default-avatar.ts';
import { forAnySite } from './security-headers.ts';

const A_DAY_SECONDS = 24 * 60 * 60;

/** The picture of agents who have none; drawn when it is first asked for. */
export function defaultAvatar(): Router {
  let drawn: Promise<Buffer> | null = null;
  const router = Router();
  router.get(DEFAULT_AVATAR_PATH, forAnySite, async (_req, res) => {
    drawn ??= sharp(Buffer.from(defaultAvatarSvg)).png({ palette: true }).toBuffer();
    res
      .set('Cache-Control', `public, max-age=${A_DAY_SECONDS}`)
      .type('png')
      .send(await drawn);
  });
  return router;
}
