import { decode, InvalidInput } from '../decode.ts';
import { RealtimeRefused } from './realtime-inspector.ts';
import { forSuperManagers } from './super-managers.ts';
import { triggerRequest } from './wire-realtime.ts';

/** `POST /realtime/events`: publishes one event. */
export const triggerRealtime = forSuperManagers('post', '/realtime/events', async (deps, call) => {
  const { channel, name, data } = decode(triggerRequest, call.body);
  try {
    await deps.realtime.trigger(channel, name, data);
  } catch (error) {
    if (error instanceof RealtimeRefused) throw new InvalidInput([{ field: '', message: error.message }]);
    throw error;
  }
  return { status: 204 };
});
