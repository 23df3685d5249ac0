import { createWidget } from './create-widget.ts';

/** The second script: what a page needs once a visitor opens the chat, the site names them, or is to be spoken to. */
window.OpenKefu?.more?.(createWidget);
