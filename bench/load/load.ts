/** A load that is connected and can be run again and again. */
export interface Load {
  /** Makes everything that can be made before, such as signatures, and returns the run itself. */
  plan(): () => Promise<Done>;
  close(): void;
}

/** What a run did; the clock and everybody's CPU are watched from outside. */
export interface Done {
  /** In the unit of the figure: deliveries, requests, connections. */
  readonly work: number;
  /** What was expected and did not come, and what came twice. */
  readonly losses: number;
}
