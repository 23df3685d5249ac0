import type { User } from '../model.ts';

/** How an id was earned: a stranger's word, our widget, or the site itself. */
export type Proof = 'none' | 'widget' | 'site';

/** A user with what guards its id. */
export interface UserRecord extends User {
  proof: Proof;
  /** A token or signature was once shown for it: nothing less will do any more. */
  tokenRequired: boolean;
  tokenSealed: string | null;
}
