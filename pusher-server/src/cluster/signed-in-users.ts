/** How many connections are signed in as each user of each app. */
export class SignedInUsers {
  readonly #apps = new Map<string, Map<string, number>>();

  /** Sets the number; answers what that means for the user, `null` when nothing changed for anybody else. */
  set(appId: string, userId: string, connections: number): 'came' | 'left' | null {
    const users = this.#apps.get(appId) ?? new Map<string, number>();
    const wasOnline = users.has(userId);
    if (connections > 0) {
      this.#apps.set(appId, users.set(userId, connections));
      return wasOnline ? null : 'came';
    }
    users.delete(userId);
    if (users.size === 0) this.#apps.delete(appId);
    return wasOnline ? 'left' : null;
  }

  isOnline(appId: string, userId: string): boolean {
    return this.#apps.get(appId)?.has(userId) === true;
  }
}
