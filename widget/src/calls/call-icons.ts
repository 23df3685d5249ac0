/** The pictures of a call's buttons: strokes on a square of 24. */
export const CALL_ICONS = {
  phone: 'M6 4h3.5l1.5 4.5-2 1.5a11 11 0 0 0 5 5l1.5-2 4.5 1.5V18a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z',
  'hang-up':
    'M3.5 14.5v-2c0-1 .5-1.8 1.4-2.2a17.5 17.5 0 0 1 14.2 0c.9.4 1.4 1.2 1.4 2.2v2l-4.5 1v-3a13 13 0 0 0-8 0v3z',
  video: 'M4 7h11v10H4zM15 11l5-3v8l-5-3z',
  'video-off': 'M15 13l5 3V8l-5 3V8.5A1.5 1.5 0 0 0 13.5 7H9M5.5 7H4v10h11v-.5M4 4l16 16',
  microphone: 'M12 3.5a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0V6A2.5 2.5 0 0 1 12 3.5zM6 11a6 6 0 0 0 12 0M12 17v3.5',
  'microphone-off':
    'M9.5 9.5V11a2.5 2.5 0 0 0 4 2M14.5 10V6a2.5 2.5 0 0 0-4.8-1M6 11a6 6 0 0 0 9.5 4.9M18 11a6 6 0 0 1-.5 2.4M12 17v3.5M4 4l16 16',
} as const;

export type CallIconName = keyof typeof CALL_ICONS;
