import type { LoadSpec } from '../load/messages.ts';

/** The main loads, under the names of their scenarios: what is profiled, and what a piece of its work is. */
export const PROFILED: Readonly<Record<string, { readonly piece: string; readonly spec: LoadSpec }>> = {
  'fan-out': { piece: 'delivery', spec: { kind: 'fan-out', subscribers: 100, events: 4_000 } },
  'rest-trigger': { piece: 'request', spec: { kind: 'rest-trigger', connections: 16, requests: 40_000 } },
  batch: { piece: 'delivery', spec: { kind: 'batch', connections: 1, channels: 20_000 } },
  connect: { piece: 'connection', spec: { kind: 'connect', connections: 5_000, atOnce: 50 } },
  'client-event': { piece: 'delivery', spec: { kind: 'client-event', members: 10, events: 8_000 } },
  'presence-join': {
    piece: 'join',
    spec: { kind: 'presence-join', held: 100, channels: 20, joinsEach: 20 },
  },
  churn: { piece: 'visit', spec: { kind: 'churn', cycles: 4_000, atOnce: 50 } },
};
