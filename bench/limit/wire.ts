/** What the limit server understands: just enough to know where a frame goes. */

/** A client frame that begins with it asks for the topic that the rest of it names; every other is published. */
export const SUBSCRIBE_MARK = 's';
/** `POST` here, with the topic behind it, publishes the body as it is. */
export const PUBLISH_PATH = '/publish/';
