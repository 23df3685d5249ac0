/** Why a bootstrap file was not applied; nothing was changed. One line a fault, each naming its field. */
export class BootstrapError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    super(faults.join('\n'), options);
    this.name = 'BootstrapError';
    this.faults = faults;
  }
}
