import { z } from 'zod';

/** Two integers and a dot, as `pusher:connection_established` gives it. */
const socketId = z.string().regex(/^\d{1,20}\.\d{1,20}$/, 'must be a socket id such as 123.456');

/** Pusher's alphabet and length; anything else could smuggle a second field into the signed string. */
const channelName = z.string().regex(/^[A-Za-z0-9_\-=@,.;]{1,200}$/, 'must be a channel name');

/** `POST /pusher/auth`, as form or JSON. */
export const channelRequest = z.object({ socket_id: socketId, channel_name: channelName });

/** `POST /pusher/user-auth`. */
export const userRequest = z.object({ socket_id: socketId });
