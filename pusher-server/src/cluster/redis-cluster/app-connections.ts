import type { NodeReport } from './node-reports.ts';

/** How many connections each app has on the other nodes, added up once for every look at their reports. */
export class AppConnections {
  #elsewhere = new Map<string, number>();

  read(reports: readonly NodeReport[]): void {
    const sums = new Map<string, number>();
    for (const { connections } of reports) {
      for (const [appId, count] of Object.entries(connections)) sums.set(appId, (sums.get(appId) ?? 0) + count);
    }
    this.#elsewhere = sums;
  }

  elsewhere(appId: string): number {
    return this.#elsewhere.get(appId) ?? 0;
  }
}
