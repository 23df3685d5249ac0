import type { DomainEvent } from '../domain/events.ts';
import type { Database } from './knex.ts';
import { run, statement } from './statement.ts';

/** An announcement that waits to be sent. `attempts` = how often it was tried and had to be kept. */
export interface OutboxRow {
  id: number;
  lane: number;
  event: DomainEvent;
  attempts: number;
}

/** Tables `outbox` and `relay_lanes` (schema.md, Telling others), seen from the relay. */
export interface OutboxStore {
  /** Renews the owner's lanes and takes those that are free, expired, or whose owner has died. Answers what it has. */
  leaseLanes(owner: string): Promise<number[]>;
  releaseLanes(owner: string): Promise<void>;
  /**
   * Deletes what was sent, and answers what is to be sent next: of each lane the oldest rows, at most `LANE_ROWS`,
   * ascending; none of a lane that is not leased to this owner at this moment.
   */
  next(owner: string, lanes: readonly number[], sent: readonly number[]): Promise<OutboxRow[]>;
  /** Which of the owner's lanes have something to send. */
  lanesWithWork(owner: string): Promise<number[]>;
  noteFailure(id: number, error: string): Promise<void>;
  /** The row will not be tried again; somebody has to look. */
  setAside(id: number, error: string): Promise<void>;
  /** Wakes the owners of these lanes, in whatever process. */
  wakeOwners(lanes: readonly number[]): Promise<void>;
}

export const LEASE_MS = 10_000;

/** The NOTIFY channel of the outbox. Payload: lanes with new rows, `3,7`; empty: lanes were given back. */
export const OUTBOX_CHANNEL = 'openkefu_outbox';

/** First half of the advisory lock that a living relay's listening connection holds; the second is its owner's hash. */
export const RELAY_LOCK_SPACE = 1_465_208_915;

const MAX_ERROR_LENGTH = 1000;

/** Rows of a lane that are read at once. */
export const LANE_ROWS = 50;

/**
 * A commit that is lost in a crash of the database brings rows back that were sent, and an event may come twice after a
 * crash anyway: so this one does not wait for the disk.
 */
const nextStatement = statement(
  'outbox next',
  `with gone as (
     delete from outbox using (select set_config('synchronous_commit', 'off', true)) as unhurried
      where id = any(cast(:sent as bigint[]))
   )
   select o.id, o.lane, o.event, o.attempts
     from relay_lanes l cross join lateral (
       select id, lane, event, attempts from outbox
        where lane = l.lane and failed_at is null and id <> all(cast(:sent as bigint[]))
        order by id limit ${LANE_ROWS}) o
    where l.lane = any(cast(:lanes as smallint[])) and l.owner = :owner and l.leased_until > now()
    order by o.id`,
);

export function createOutboxStore(db: Database): OutboxStore {
  return {
    async leaseLanes(owner) {
      // `skip locked`: two processes that reach for the same lanes at once never wait for each other.
      const { rows } = await db.raw<{ rows: { lane: number }[] }>(
        `with living as materialized (
           select objid::bigint as key from pg_locks
           where locktype = 'advisory' and granted and objsubid = 2 and classid::bigint = :space
             and database = (select oid from pg_database where datname = current_database())
         ), mine as (
           select lane from relay_lanes
           where owner = :owner or owner is null or leased_until is null or leased_until < now()
             or (hashtext(owner::text)::bigint & 4294967295) not in (select key from living)
           order by lane for update skip locked
         )
         update relay_lanes set owner = :owner, leased_until = now() + :lease * interval '1 millisecond'
         where lane in (select lane from mine)
         returning lane`,
        { owner, space: RELAY_LOCK_SPACE, lease: LEASE_MS },
      );
      return rows.map((row) => row.lane).sort((a, b) => a - b);
    },

    async releaseLanes(owner) {
      await db.raw('update relay_lanes set owner = null, leased_until = null where owner = ?', [owner]);
      await db.raw('select pg_notify(?, ?)', [OUTBOX_CHANNEL, '']);
    },

    next: (owner, lanes, sent) => run<OutboxRow>(db, nextStatement, { owner, lanes, sent }),

    async lanesWithWork(owner) {
      const { rows } = await db.raw<{ rows: { lane: number }[] }>(
        `select l.lane from relay_lanes l
         where l.owner = ? and exists (select 1 from outbox o where o.lane = l.lane and o.failed_at is null)
         order by l.lane`,
        [owner],
      );
      return rows.map((row) => row.lane);
    },

    async noteFailure(id, error) {
      await db.raw('update outbox set attempts = attempts + 1, error = ? where id = ?', [bounded(error), id]);
    },

    async setAside(id, error) {
      await db.raw('update outbox set attempts = attempts + 1, failed_at = now(), error = ? where id = ?', [
        bounded(error),
        id,
      ]);
    },

    async wakeOwners(lanes) {
      await db.raw('select pg_notify(?, ?)', [OUTBOX_CHANNEL, lanes.join(',')]);
    },
  };
}

function bounded(text: string): string {
  return text.slice(0, MAX_ERROR_LENGTH);
}
