import { onScopeDispose, readonly, ref, type Ref } from 'vue';

const now = ref(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The time in ms, once a second; one clock for all who look at it. */
export function useNow(): Readonly<Ref<number>> {
  users += 1;
  timer ??= setInterval(() => (now.value = Date.now()), 1000);
  now.value = Date.now();
  onScopeDispose(() => {
    users -= 1;
    if (users > 0) return;
    clearInterval(timer);
    timer = undefined;
  });
  return readonly(now);
}
