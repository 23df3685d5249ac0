const SIZE = 256 * 1024;

/**
 * One buffer for all sockets: what comes is read into it and handled before anything else can be read, so nothing has
 * to be allocated for it.
 */
export const readBuffer = Buffer.allocUnsafe(SIZE);
