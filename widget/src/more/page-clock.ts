const LOOK_EVERY_MS = 500;

/**
 * Tells every half a second where the visitor is and for how many seconds. Sites change their address without a new
 * page, and tell nobody in a way that others can hear.
 */
export function startPageClock(tick: (address: string, seconds: number, moved: boolean) => void): void {
  let address = location.href;
  let since = Date.now();
  setInterval(() => {
    const moved = location.href !== address;
    if (moved) since = Date.now();
    address = location.href;
    tick(address, (Date.now() - since) / 1000, moved);
  }, LOOK_EVERY_MS);
}
