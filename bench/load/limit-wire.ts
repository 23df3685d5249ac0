import { eventParts } from '@openkefu/pusher-server/protocol/frames';
import { PUBLISH_PATH, SUBSCRIBE_MARK } from '../limit/wire.ts';
import { postRequest, type Wire } from './wire.ts';

/** The limit's language: the frame that subscribers get is in the request already, byte for byte as ours sends it. */
export const limitWire: Wire = {
  path: '/app/bench-key?protocol=7&client=bench&version=1.0.0',
  subscribe: (channel) => `${SUBSCRIBE_MARK}${channel}`,
  trigger: (channel, event, data) => {
    const { head, tail } = eventParts(event, data);
    return postRequest(`${PUBLISH_PATH}${channel}`, 'application/json', Buffer.from(`${head}${channel}${tail}`));
  },
};
