import { shallowReactive } from 'vue';
import type { ApiConversation, ApiMessage } from '../../../src/front-doors/console-api/wire.ts';
import {
  mergeRow,
  withAgentPresence,
  withCustomerDelivered,
  withCustomerPresence,
  withCustomerRead,
  withMessage,
  withOwnRead,
  withRating,
} from './conversation-rows.ts';

/** Every conversation that the console has met, each once, whatever list shows it. */
export interface ConversationStore {
  get(id: number): ApiConversation | undefined;
  /** Before asking the server: the answer is then as of this moment. */
  mark(): number;
  /** Takes rows that were read from the server as of `asOf`. */
  put(rows: readonly ApiConversation[], asOf: number): void;
  /** True when the row was read later than `asOf`. */
  readAfter(id: number, asOf: number): boolean;
  /** False when the conversation is not known here: it has to be read. */
  applyMessage(message: ApiMessage): boolean;
  applyOwnRead(id: number, seq: number): void;
  applyCustomerRead(id: number, seq: number): void;
  applyCustomerDelivered(id: number, seq: number): void;
  applyRating(id: number, score: number): void;
  applyCustomerPresence(channel: string, online: boolean): void;
  applyAgentPresence(agentId: number, online: boolean): void;
}

/** @param onChange told of each row that is new or has changed */
export function createConversationStore(
  ownId: number,
  onChange: (row: ApiConversation) => void = () => {},
): ConversationStore {
  const rows = shallowReactive(new Map<number, ApiConversation>());
  const asOfs = new Map<number, number>();
  let moment = 0;

  function set(row: ApiConversation): void {
    rows.set(row.id, row);
    onChange(row);
  }

  function change(id: number, rule: (row: ApiConversation) => ApiConversation): boolean {
    const row = rows.get(id);
    if (row === undefined) return false;
    const changed = rule(row);
    if (changed !== row) set(changed);
    return true;
  }

  function changeAll(rule: (row: ApiConversation) => ApiConversation): void {
    for (const id of rows.keys()) change(id, rule);
  }

  return {
    get: (id) => rows.get(id),
    mark: () => (moment += 1),
    put(fetched, asOf) {
      for (const row of fetched) {
        const outdated = (asOfs.get(row.id) ?? 0) > asOf;
        set(mergeRow(rows.get(row.id), row, outdated));
        if (!outdated) asOfs.set(row.id, asOf);
      }
    },
    readAfter: (id, asOf) => (asOfs.get(id) ?? 0) > asOf,
    applyMessage: (message) => change(message.conversationId, (row) => withMessage(row, message, ownId)),
    applyOwnRead: (id, seq) => void change(id, (row) => withOwnRead(row, seq)),
    applyCustomerRead: (id, seq) => void change(id, (row) => withCustomerRead(row, seq)),
    applyCustomerDelivered: (id, seq) => void change(id, (row) => withCustomerDelivered(row, seq)),
    applyRating: (id, score) => void change(id, (row) => withRating(row, score)),
    applyCustomerPresence: (channel, online) => changeAll((row) => withCustomerPresence(row, channel, online)),
    applyAgentPresence: (agentId, online) => changeAll((row) => withAgentPresence(row, agentId, online)),
  };
}
