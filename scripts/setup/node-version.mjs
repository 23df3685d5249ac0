import { PlainError } from './terminal.mjs';

const oldest = [20, 12];

/** Refuses a Node.js that is too old for what follows. */
export function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new PlainError(
    `OpenKefu needs Node.js ${oldest.join('.')} or newer, and this is ${process.versions.node}: please install a newer one.`,
  );
}
