/**
 * Wraps a callback that is handed to uWebSockets.js: what is thrown there would end the process, so it is reported
 * instead. Every callback of this folder goes through here, once, when it is registered.
 */
export function guard<Arguments extends unknown[]>(
  report: (error: unknown) => void,
  callback: (...args: Arguments) => void,
): (...args: Arguments) => void {
  return (...args) => {
    try {
      callback(...args);
    } catch (error) {
      report(error);
    }
  };
}
