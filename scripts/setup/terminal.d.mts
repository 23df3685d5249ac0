/** An error whose message is one sentence for the person at the terminal; no stack is shown. */
export class PlainError extends Error {}
/** Whether the module is the program that Node was started with. */
export function isMain(url: string): boolean;
/** With `--help` or `-h` on the command line: prints what the command does and ends. */
export function printHelp(text: string): void;
/** Runs a command's work; a failure becomes one sentence (or, when it is a fault of ours, the stack) and exit code 1. */
export function runCommand(work: () => Promise<void>): Promise<void>;
/** A plain sentence for what was foreseen, everything known for what was not. */
export function describeFailure(error: unknown): string;
/** Says what is being done, that it is still being done, and how long it took. */
export function step<T>(label: string, work: () => Promise<T>): Promise<T>;
