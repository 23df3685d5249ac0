/** What the limit server understands: just enough to know where a frame goes. */

/** `sTOPIC`: subscribes, and is answered with a ready frame. */
export const SUBSCRIBE_MARK = 's';
/** `jTOPIC\nSIZE\nFRAME`: publishes FRAME to the topic, subscribes, and is answered with SIZE bytes of text. */
export const JOIN_MARK = 'j';
/** `lTOPIC\nFRAME`: unsubscribes and publishes FRAME. In both, FRAME may be left out. */
export const LEAVE_MARK = 'l';
/** Every other frame begins with this and is published as it is to the others of the sender's last topic. */
export const FRAME_MARK = '{';

/** `POST` here, with the topic behind it, publishes the body as it is. */
export const PUBLISH_PATH = '/publish/';
/** `POST` here publishes several: TOPIC\nFRAME\nTOPIC\nFRAME… */
export const BATCH_PATH = '/batch';
/** The live chat's limit: a form `POST`ed here becomes one row. */
export const INSERT_PATH = '/insert';
