import type { LauncherSettings } from '../loader/configuration.ts';
import { isOnPage } from './page-pattern.ts';

type Rule = LauncherSettings['proactive'][number];

export interface ProactiveDeps {
  rules: readonly Rule[];
  /** Where it is remembered what was said in this session; null: in memory alone. */
  memory: Pick<Storage, 'getItem' | 'setItem'> | null;
  business: string;
  /** Nothing else is in the way. */
  free: () => boolean;
  say: (words: string) => void;
}

export interface Proactive {
  /** Looks whether something is to be said now. @param seconds since the visitor came to this address */
  look: (address: string, seconds: number) => void;
  /** Not again in this session. */
  heard: (words: string) => void;
  /** Nothing more in this session: the visitor has opened the chat. */
  done: () => void;
}

/** What the business says unasked, each once a session. */
export function createProactive({ rules, memory, business, free, say }: ProactiveDeps): Proactive {
  const name = `kefu.${business}.said`;
  const said = new Set(read());

  function read(): string[] {
    try {
      const kept: unknown = JSON.parse(memory?.getItem(name) ?? '[]');
      return Array.isArray(kept) ? kept.map(String) : [];
    } catch {
      // Refused, or somebody else's text.
      return [];
    }
  }

  function heard(...words: string[]): void {
    if (words.length === 0) return;
    for (const each of words) said.add(each);
    try {
      memory?.setItem(name, JSON.stringify([...said]));
    } catch {
      // Refused or full: it is known on this page.
      return;
    }
  }

  return {
    look(address, seconds) {
      const rule = rules.find(
        ({ page, afterS, text }) => seconds >= afterS && !said.has(text) && isOnPage(page, address),
      );
      if (rule && free()) say(rule.text);
    },
    heard,
    done: () => heard(...rules.map(({ text }) => text)),
  };
}
