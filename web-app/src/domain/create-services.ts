import type { Database } from '../db/knex.ts';
import { createSealer } from '../db/sealing.ts';
import type { Sealer } from '../db/sealing.ts';
import { openWork } from '../db/unit-of-work.ts';
import type { Announcer, Transaction, Work } from '../db/unit-of-work.ts';
import { createAgents } from './agents/agents-service.ts';
import { createAgentsStore } from './agents/agents-store.ts';
import { createRoster } from './agents/roster-service.ts';
import { createCallEndings } from './calls/call-endings-service.ts';
import { createCalls } from './calls/calls-service.ts';
import { createBusinesses } from './businesses/businesses-service.ts';
import { createBusinessesStore } from './businesses/businesses-store.ts';
import { createAddresses } from './conversations/addresses-service.ts';
import { createAdmissions } from './conversations/admissions-service.ts';
import { createConversations } from './conversations/conversations-service.ts';
import { createConversationsStore } from './conversations/conversations-store.ts';
import { createEpisodes } from './conversations/episodes-service.ts';
import { createHandling } from './conversations/handling-service.ts';
import { createContent } from './content/content-service.ts';
import { createLeaveMessages } from './content/leave-messages-service.ts';
import { createAttachments } from './files/attachments-service.ts';
import { FilesDisk } from './files/files-disk.ts';
import { createFiles } from './files/files-service.ts';
import { createPictures } from './files/pictures-service.ts';
import { createInbox } from './inbox/inbox-service.ts';
import { createAnswers } from './messages/answers-service.ts';
import { createCallRecords } from './messages/call-records-service.ts';
import { createMessages } from './messages/messages-service.ts';
import { createNotices } from './messages/notices-service.ts';
import { createPresence } from './presence/presence-service.ts';
import { createDispatch } from './queue/dispatch-service.ts';
import { createDrain } from './queue/drain-service.ts';
import type { Drain } from './queue/drain-service.ts';
import { createLines } from './queue/line-service.ts';
import { createRatings } from './ratings/ratings-service.ts';
import type { Services } from './services.ts';
import { createTeams } from './teams/teams-service.ts';
import { createAccounts } from './users/accounts-service.ts';
import { createUsers } from './users/users-service.ts';
import { createBlacklist, createRefusals } from './visitors/blacklist-service.ts';
import { createReception } from './visitors/reception-service.ts';
import { createVisitors } from './visitors/visitors-service.ts';
import { createWeixin } from './weixin/weixin-service.ts';

export type { Announcer };

/** What runs inside a transaction, made over its handle. It asks nothing of another connection. */
function createCore(work: Work, sealer: Sealer) {
  const random = Math.random;
  const store = createConversationsStore(work);
  const roster = createRoster(createAgentsStore(work));
  const teams = createTeams(work);
  const addresses = createAddresses(work);
  const lines = createLines({ work, addresses });
  const notices = createNotices(work);
  const callEndings = createCallEndings({ work, addresses, records: createCallRecords(work) });
  const episodes = createEpisodes({ work, addresses, notices, callEndings });
  const accounts = createAccounts(work, sealer);
  return {
    work,
    addresses,
    episodes,
    callEndings,
    lines,
    notices,
    dispatch: createDispatch({ roster, teams, lines, episodes, random }),
    admissions: createAdmissions({ store, roster, teams, lines, episodes, refusals: createRefusals(work), random }),
    attachments: createAttachments(work),
    handling: createHandling({ store, roster, teams, lines, episodes, refusals: createRefusals(work) }),
    reception: createReception({ work, accounts }),
  };
}

/** What services and set-up share, over the pool. */
function createBase(db: Database, announcer: Announcer) {
  const work = openWork(db, announcer);
  const sealer = createSealer(db);
  const transaction: Transaction<ReturnType<typeof createCore>> = (job) =>
    work.transaction((inner) => job(createCore(inner, sealer)));
  const businesses = createBusinesses(createBusinessesStore(db, sealer), createPictures(work));
  const lines = createLines({ work, addresses: createAddresses(work) });
  const drain = createDrain({ businesses, lines, transaction });
  return { work, sealer, transaction, businesses, lines, drain };
}

/** For whoever changes what agents may take from outside of the services: serves the lines after it. */
export function createLineDrain(db: Database, announcer: Announcer): Drain {
  return createBase(db, announcer).drain;
}

/**
 * The domain over a database and a folder of files. `announcer` hears, after each commit, into which outbox lanes rows
 * were written.
 */
export function createServices(db: Database, announcer: Announcer, { filesDir }: { filesDir: string }): Services {
  const { work, sealer, transaction, businesses, lines, drain } = createBase(db, announcer);
  const store = createConversationsStore(work);
  const roster = createRoster(createAgentsStore(work));
  const visitors = createVisitors({ work, sealer, businesses, accounts: createAccounts(work, sealer), transaction });
  const conversations = createConversations({ store, businesses, roster, lines, drain, transaction });
  const messages = createMessages({
    work,
    businesses,
    visitors,
    conversations,
    drain,
    attachments: createAttachments(work),
    transaction,
  });
  const users = createUsers(work);
  return {
    businesses,
    users,
    agents: createAgents({ work, businesses, drain, transaction }),
    visitors,
    blacklist: createBlacklist({ work, conversations }),
    conversations,
    messages,
    content: createContent({
      work,
      conversations,
      messages,
      answers: createAnswers(work),
      pictures: createPictures(work),
      transaction,
    }),
    leaveMessages: createLeaveMessages(work),
    weixin: createWeixin(work),
    files: createFiles(work, new FilesDisk(filesDir)),
    calls: createCalls({ work, businesses, users, conversations, transaction }),
    ratings: createRatings({ conversations, transaction }),
    inbox: createInbox(work),
    presence: createPresence({ work, drain, transaction }),
  };
}
