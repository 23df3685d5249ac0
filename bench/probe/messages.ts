/** What the bench asks of a server into which the probe was loaded. */
export interface ProbeRequest {
  readonly probe: 'collect';
}

export interface ProbeAnswer {
  readonly probed: 'collect';
}
