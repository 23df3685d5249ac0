import type { FrontDoorAuth } from '../front-doors/front-door.ts';
import type { Services } from '../domain/services.ts';
import { authenticateUser, authorizeChannel, type ChannelAuthDeps } from './channel-auth.ts';
import { verifyIdentityHash } from './identity-hash.ts';
import { hashPassword } from './password.ts';
import { csrfTokenOf, requireCsrf, requireOwnOrigin } from './session-csrf.ts';
import { agentOf, signIn, signOut } from './session.ts';
import { SignInThrottle, type SignInLimit } from './sign-in-throttle.ts';
import { signInWithPassword } from './sign-in.ts';
import { visitorOf, visitorTokenOf } from './visitor-token.ts';

export interface AuthDeps {
  services: Services;
  signer: ChannelAuthDeps['signer'];
  webUrl: string;
  /** Null: sign-ins are not limited. */
  signInLimit: SignInLimit | null;
  /** Told of every agent who has begun a session, before they are told themselves. */
  signedIn: () => Promise<void>;
}

/** Everything that front doors may ask about who calls, over one set of services. */
export function createAuth({ services, signer, webUrl, signInLimit, signedIn }: AuthDeps): FrontDoorAuth {
  const throttle = new SignInThrottle(signInLimit);
  return {
    signInWithPassword: (userName, password, address) =>
      signInWithPassword({ services, throttle }, userName, password, address),
    hashPassword,
    signIn: async (req, agent) => {
      const csrfToken = await signIn(services, req, agent);
      await signedIn();
      return csrfToken;
    },
    signOut,
    agentOf: (req) => agentOf(services, req),
    csrfTokenOf,
    requireCsrf: (req) => requireCsrf(req, webUrl),
    requireOwnOrigin: (req) => requireOwnOrigin(req, webUrl),
    visitorTokenOf,
    visitorOf: (req) => visitorOf(req, services),
    verifyIdentityHash,
    authorizeChannel: (who, socketId, channel) => authorizeChannel({ services, signer }, who, socketId, channel),
    authenticateUser: (who, socketId) => Promise.resolve(authenticateUser({ signer }, who, socketId)),
  };
}
