import {
  clientEventFrame,
  eventParts,
  memberAdded,
  memberRemoved,
  memberLists,
  presenceSucceeded,
} from '@openkefu/pusher-server/protocol/frames';
import { BATCH_PATH, JOIN_MARK, LEAVE_MARK, PUBLISH_PATH, SUBSCRIBE_MARK } from '../limit/wire.ts';
import { CLIENT_EVENT, memberId } from './payload.ts';
import { postRequest, type Wire } from './wire.ts';

/** The limit's language: what others get is in the request already, byte for byte as our server sends it. */
export const limitWire: Wire = {
  path: '/app/bench-key?protocol=7&client=bench&version=1.0.0',
  subscribe: (channel) => `${SUBSCRIBE_MARK}${channel}`,
  join: (channel, _socketId, { userId, userInfo }, held) =>
    `${joinAgain(channel, held + 1, userInfo)}\n${memberAdded(channel, userId, userInfo)}`,
  joinAgain: (channel, _socketId, { userInfo }, held) => joinAgain(channel, held, userInfo),
  leave: (channel, userId) =>
    userId === null ? `${LEAVE_MARK}${channel}` : `${LEAVE_MARK}${channel}\n${memberRemoved(channel, userId)}`,
  clientEvent: (channel, data) => clientEventFrame(CLIENT_EVENT, channel, data, null),
  trigger: (channel, event, data) => postRequest(`${PUBLISH_PATH}${channel}`, eventFrame(channel, event, data)),
  batch: (items) =>
    postRequest(
      BATCH_PATH,
      items.map(({ channel, event, data }) => `${channel}\n${eventFrame(channel, event, data)}`).join('\n'),
    ),
};

function eventFrame(channel: string, event: string, data: string): string {
  const { head, tail } = eventParts(event, data);
  return `${head}${channel}${tail}`;
}

function joinAgain(channel: string, members: number, userInfo: string | null): string {
  return `${JOIN_MARK}${channel}\n${String(answerSize(channel, members, userInfo))}`;
}

const answerSizes = new Map<string, number>();

/** How long our server's answer to a join is. Members have ids and infos of one length, so their number tells it. */
function answerSize(channel: string, members: number, userInfo: string | null): number {
  const key = `${channel} ${String(members)} ${String(userInfo?.length)}`;
  let size = answerSizes.get(key);
  if (size === undefined) {
    const roster = new Map(Array.from({ length: members }, (_, index) => [memberId(index), userInfo]));
    size = Buffer.byteLength(presenceSucceeded(channel, members, memberLists(roster)));
    answerSizes.set(key, size);
  }
  return size;
}
