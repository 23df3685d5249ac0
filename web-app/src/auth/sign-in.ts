import type { AgentActor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { Services } from '../domain/services.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

export interface SignInDeps {
  services: { agents: Pick<Services['agents'], 'credentials'> };
  throttle: SignInThrottle;
}

/** Made once: checking an unknown name must take as long as checking a known one. */
let nobodysHash: Promise<string> | null = null;

/**
 * Who signs in with this name and password.
 * @throws DomainError `unauthorized`, one and the same for an unknown name and a wrong password; `rate_limited`
 */
export async function signInWithPassword(
  { services, throttle }: SignInDeps,
  userName: string,
  password: string,
  address: string,
): Promise<AgentActor> {
  if (!throttle.begin(userName, address)) {
    throw new DomainError('rate_limited', 'Too many failed sign-ins. Try again in a quarter of an hour.');
  }
  const { credentials, isRight } = await verified(services, userName, password).catch((error: unknown) => {
    throttle.undo(userName, address);
    throw error;
  });
  if (!credentials || !isRight) throw new DomainError('unauthorized', 'The user name or the password is wrong.');
  throttle.succeeded(userName, address);
  return {
    kind: 'agent',
    businessId: credentials.businessId,
    userId: credentials.userId,
    level: credentials.level,
  };
}

async function verified(services: SignInDeps['services'], userName: string, password: string) {
  const credentials = await services.agents.credentials(userName);
  nobodysHash ??= hashPassword('');
  const isRight = await verifyPassword(password, credentials?.passwordHash ?? (await nobodysHash));
  return { credentials, isRight };
}
