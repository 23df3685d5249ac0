import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from './postgres.ts';
import { openDatabase } from '../web-app/src/db/knex.ts';
import type { Database } from '../web-app/src/db/knex.ts';
import type { AgentActor, VisitorActor } from '../web-app/src/domain/actor.ts';
import { createServices } from '../web-app/src/domain/create-services.ts';
import type { DomainEvent } from '../web-app/src/domain/events.ts';
import type { AgentLevel, Business, DistributionRule, Visitor } from '../web-app/src/domain/model.ts';
import { createAgent, createBusiness } from '../web-app/src/domain/registration/registration.ts';
import type { ArrivingVisitor, NewMessage, Services } from '../web-app/src/domain/services.ts';

/** A database of a test file's own with the domain over it. */
export interface TestSite {
  db: Database;
  url: string;
  services: Services;
  /** How often two transactions waited for each other; the losers ran again and nobody noticed. */
  deadlocks(): number;
  /** Lanes announced since the last look. */
  announced(): number[];
  business(slug: string, rule?: DistributionRule): Promise<Business>;
  agent(
    business: Business,
    userName: string,
    options?: { level?: AgentLevel; max?: number; online?: boolean },
  ): Promise<AgentActor>;
  /** The visitor of that id, as they are; made when there is none. */
  visitor(business: Business, uid: string): Promise<Visitor>;
  /** What the outbox holds, oldest first; and empties it. */
  told(): Promise<DomainEvent[]>;
  close(): Promise<void>;
}

const device = { browser: 'Firefox 140', os: 'Linux', type: 'desktop' } as const;

export function arriving(uid: string | null, change: Partial<ArrivingVisitor> = {}): ArrivingVisitor {
  return {
    uid,
    proof: 'none',
    nickname: null,
    avatar: null,
    email: null,
    phone: null,
    page: 'https://shop.example/',
    referrer: '',
    ip: '192.0.2.7',
    device,
    locale: 'zh-CN',
    passive: false,
    ...change,
  };
}

export function text(words: string, clientId: string | null = null): NewMessage {
  return { clientId, body: { type: 'text', content: { text: words } }, page: null };
}

export function asActor(visitor: Visitor): VisitorActor {
  return { kind: 'visitor', businessId: visitor.businessId, userId: visitor.id };
}

export const byWidget = { teamNumber: 0, hold: false, door: 'widget' } as const;

export async function openSite(): Promise<TestSite> {
  const database = await createTestDatabase();
  const db = openDatabase(database.url, { max: 20 });
  let deadlocks = 0;
  db.on('query-error', (error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === '40P01') deadlocks += 1;
  });
  const lanes: number[] = [];
  const filesDir = mkdtempSync(join(tmpdir(), 'openkefu-files-'));
  const services = createServices(db, { announce: (written) => lanes.push(...written) }, { filesDir });

  return {
    db,
    url: database.url,
    services,
    deadlocks: () => deadlocks,
    announced: () => lanes.splice(0),
    business: async (slug, rule = 'auto') => {
      const { id } = await createBusiness(db, {
        slug,
        name: slug,
        distributionRule: rule,
        greeting: `Welcome to ${slug}`,
      });
      const business = await services.businesses.byId(id);
      if (business === null) throw new Error('no business');
      return business;
    },
    agent: async (business, userName, { level = 'service', max = 50, online = true } = {}) => {
      const { id } = await createAgent(db, {
        businessId: business.id,
        userName,
        nickname: userName,
        passwordHash: 'none',
        level,
        maxConversations: max,
      });
      if (online) await services.presence.held(id);
      return { kind: 'agent', businessId: business.id, userId: id, level };
    },
    visitor: async (business, uid) =>
      (await services.visitors.byUid(business.id, uid)) ??
      (await services.visitors.arrive(business, arriving(uid))).visitor,
    told: async () => {
      const rows = await db('outbox').orderBy('id').select<{ event: DomainEvent }[]>('event');
      await db('outbox').delete();
      return rows.map((row) => row.event);
    },
    close: async () => {
      rmSync(filesDir, { recursive: true, force: true });
      await db.destroy();
      await database.drop();
    },
  };
}
