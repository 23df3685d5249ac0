import { randomInt } from 'node:crypto';
import { hashPassword } from './auth/password.ts';
import type { Config } from './config.ts';
import type { Database } from './db/knex.ts';
import { DomainError } from './domain/errors.ts';
import { createAgent, createBusiness, hasNoAgents } from './domain/registration/registration.ts';
import type { Services } from './domain/services.ts';
import { openInstallation } from './install/installation.ts';

/** Shown once, to whoever started the program. */
export interface FirstRun {
  userName: string;
  password: string;
}

const DEMO_SLUG = 'demo';
const PASSWORD_LENGTH = 20;
/** Without letters and digits that look alike. */
const PASSWORD_LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/**
 * On a database without any agent: makes the demo business and the first super manager in one transaction, so that a
 * start that is cut short leaves nothing half made. Null when there are agents, or when another process was quicker.
 */
export async function firstRun(
  db: Database,
  businesses: Pick<Services['businesses'], 'bySlug'>,
  admin: Config['admin'],
): Promise<FirstRun | null> {
  if (!(await hasNoAgents(db))) return null;
  const { userName } = admin;
  const password = admin.password ?? generatedPassword();
  const passwordHash = await hashPassword(password);
  // Somebody may have made a business of that name without agents.
  const existing = await businesses.bySlug(DEMO_SLUG);
  try {
    await db.transaction(async (transaction) => {
      const business = existing ?? (await createBusiness(transaction, demoBusiness()));
      const agent = {
        businessId: business.id,
        userName,
        nickname: userName,
        passwordHash,
        level: 'super_manager',
      } as const;
      const { id } = await createAgent(transaction, agent);
      await openInstallation(transaction, id);
    });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'conflict' && !(await hasNoAgents(db))) return null;
    throw error;
  }
  return { userName, password };
}

function demoBusiness() {
  return {
    slug: DEMO_SLUG,
    name: '青山器物',
    locale: 'zh-CN',
    distributionRule: 'auto',
    greeting: '您好，请问想看点什么？',
    offlineText: '店里现在没有人，请留言，我们回来就答复您。',
  } as const;
}

function generatedPassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => PASSWORD_LETTERS[randomInt(PASSWORD_LETTERS.length)]).join('');
}
