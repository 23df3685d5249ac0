import { limitWire } from './limit-wire.ts';
import type { Target } from './messages.ts';
import { pusherWire } from './pusher-wire.ts';
import type { Wire } from './wire.ts';

export const WIRES: Readonly<Record<Target['dialect'], Wire>> = { pusher: pusherWire, limit: limitWire };
