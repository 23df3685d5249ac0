/** Two soft notes, made here rather than loaded. Silent where the browser has not been touched yet. */
const NOTES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.12 },
] as const;
const LOUDNESS = 0.12;
const FADE_S = 0.35;

let context: AudioContext | null = null;

/**
 * Sounds once for all tabs of a visitor: the tab that is first has the name of the message locked for a while.
 * @param name the same in all tabs
 */
export async function chime(name: string): Promise<void> {
  // Pages without TLS have no locks.
  if (!('locks' in navigator)) return play();
  await navigator.locks.request(`openkefu chime ${name}`, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    play();
    await new Promise((resolve) => setTimeout(resolve, 2000));
  });
}

function play(): void {
  context ??= new AudioContext();
  if (context.state !== 'running') {
    // Without a touch of the visitor's it never resolves: then there is no sound, and nobody waits for it.
    void context.resume();
    return;
  }
  const start = context.currentTime;
  for (const { hertz, at } of NOTES) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, start + at);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + at + FADE_S);
    tone.connect(volume).connect(context.destination);
    tone.start(start + at);
    tone.stop(start + at + FADE_S);
  }
}
