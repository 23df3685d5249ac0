/** A window too small (or zoomed too far) to show page and panel together: the panel takes the whole screen. */
export const phoneQuery = '(max-width:560px),(max-height:420px)';
