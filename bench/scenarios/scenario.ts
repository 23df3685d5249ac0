import type { Figure } from '../figures/figure.ts';
import type { Programs } from '../servers/bench-server.ts';
import type { LoadGenerator } from '../servers/load-generator.ts';

/** What every scenario works with. */
export interface Bench {
  readonly root: string;
  readonly programs: Programs;
  readonly load: LoadGenerator;
  /** `null`: as many as the scenario itself wants. */
  readonly rounds: number | null;
  /** Smaller loads, for a look that takes two minutes. */
  readonly quick: boolean;
  /** One line of progress. */
  readonly say: (line: string) => void;
}

/** One thing that is measured, by the name that it has on the command line. */
export interface Scenario {
  readonly name: string;
  /** Half a sentence for whoever watches. */
  readonly summary: string;
  run(bench: Bench): Promise<readonly Figure[]>;
}
