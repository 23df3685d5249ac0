import { ref, watch, type Ref } from 'vue';
import { openTextStore } from './text-store.ts';

const storage = openTextStore(() => window.localStorage);

/** A small choice of the person at this browser, remembered. What is stored and not allowed any more is `otherwise`. */
export function usePreference<T extends string>(name: string, allowed: readonly T[], otherwise: T): Ref<T> {
  const key = `kefu.console.${name}`;
  const stored = storage.getItem(key);
  const choice = ref(allowed.find((value) => value === stored) ?? otherwise) as Ref<T>;
  watch(choice, (value) => storage.setItem(key, value));
  return choice;
}

/** The same for a number within bounds. */
export function useNumberPreference(name: string, least: number, most: number, otherwise: number): Ref<number> {
  const key = `kefu.console.${name}`;
  const within = (value: number) => Math.min(most, Math.max(least, Math.round(value)));
  const stored = Number(storage.getItem(key) ?? Number.NaN);
  const number = ref(Number.isFinite(stored) ? within(stored) : otherwise);
  watch(number, (value) => {
    number.value = within(value);
    storage.setItem(key, String(number.value));
  });
  return number;
}
