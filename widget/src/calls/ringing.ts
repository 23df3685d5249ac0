/** Made here rather than loaded. Silent where the browser has not been touched yet. */
const TONES: Record<'incoming' | 'outgoing', { hertz: number[]; everyMs: number; loudness: number; lengthS: number }> =
  {
    incoming: { hertz: [587, 740, 880], everyMs: 2_400, loudness: 0.14, lengthS: 0.28 },
    outgoing: { hertz: [425], everyMs: 4_000, loudness: 0.05, lengthS: 1 },
  };

/** Rings until it is stopped; `incoming` for who is called, `outgoing` for who waits. */
export function ring(kind: keyof typeof TONES): () => void {
  const context = new AudioContext();
  const { hertz, everyMs, loudness, lengthS } = TONES[kind];

  function once(): void {
    hertz.forEach((pitch, index) => {
      const begin = context.currentTime + index * lengthS * 0.8;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, begin);
      volume.gain.linearRampToValueAtTime(loudness, begin + 0.03);
      volume.gain.setValueAtTime(loudness, begin + lengthS * 0.7);
      volume.gain.linearRampToValueAtTime(0, begin + lengthS);
      tone.connect(volume).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + lengthS);
    });
  }

  // Without a touch of the person's it never resolves: nobody waits for it.
  if (context.state !== 'running') void context.resume();
  once();
  const timer = setInterval(once, everyMs);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
