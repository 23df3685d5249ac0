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
}

/** Everything that front doors may ask about who calls, over one set of services. */
export function createAuth({ services, signer, webUrl, signInLimit }: AuthDeps): FrontDoorAuth {
  const throttle = new SignInThrottle(signInLimit);
  return {
    signInWithPassword: (userName, password, address) =>
      signInWithPassword({ services, throttle }, userName, password, address),
    hashPassword,
    signIn: (req, agent) => signIn(services, req, agent),
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
