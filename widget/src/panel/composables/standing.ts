import { shallowRef, type ShallowRef } from 'vue';
import type { ApiAgent, ApiVisitorSession } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Greeting } from '../timeline/rows.ts';

/** How things stand for the visitor, by the server's last answer and what events have told since. */
export interface Standing {
  agent: ShallowRef<ApiAgent | null>;
  place: ShallowRef<number | null>;
  /** How long the wait may last, in seconds. */
  estimateS: ShallowRef<number | null>;
  greeting: ShallowRef<Greeting | null>;
  /** Up to where an agent has read what was said, and has got it. Never move back within a conversation. */
  agentReadSeq: ShallowRef<number>;
  agentDeliveredSeq: ShallowRef<number>;
  /** @param active the visitor asked for an agent, and was perhaps given one */
  take(answer: ApiVisitorSession, active: boolean): void;
  /** Another conversation begins. */
  reset(): void;
  read(seq: number): void;
  delivered(seq: number): void;
  /** @param afterSeq it stands after this message; 0 = before all */
  greet(text: string, afterSeq: number): void;
}

export function useStanding(): Standing {
  const agent = shallowRef<ApiAgent | null>(null);
  const place = shallowRef<number | null>(null);
  const estimateS = shallowRef<number | null>(null);
  const greeting = shallowRef<Greeting | null>(null);
  const agentReadSeq = shallowRef(0);
  const agentDeliveredSeq = shallowRef(0);
  const read = (seq: number) => void (agentReadSeq.value = Math.max(agentReadSeq.value, seq));
  const delivered = (seq: number) => void (agentDeliveredSeq.value = Math.max(agentDeliveredSeq.value, seq));

  function greet(text: string, afterSeq: number): void {
    if (text === '' || text === greeting.value?.text) return;
    greeting.value = { text, afterSeq, name: agent.value?.name ?? '', avatar: agent.value?.avatar ?? '' };
  }

  return {
    agent,
    place,
    estimateS,
    greeting,
    agentReadSeq,
    agentDeliveredSeq,
    take(answer, active) {
      agent.value = answer.agent;
      place.value = answer.place;
      estimateS.value = answer.estimateS;
      if (active || greeting.value === null) greet(answer.greeting, 0);
      read(answer.conversation?.agentReadSeq ?? 0);
      delivered(answer.deliveredSeq);
    },
    reset() {
      agentReadSeq.value = 0;
      agentDeliveredSeq.value = 0;
    },
    read,
    delivered,
    greet,
  };
}
