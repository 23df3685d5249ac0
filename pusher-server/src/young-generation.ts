import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the space for short-lived objects at the size that it has now. When thousands of connections come at once, V8
 * would let it grow to 32 MB and keep that: for ten thousand connections more than they themselves weigh. What lives
 * short here is small and dies at once, whatever the size of the space.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
