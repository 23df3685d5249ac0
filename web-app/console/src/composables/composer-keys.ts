/**
 * Whether a key press sends. Enter does; with Shift, Ctrl, Alt or Meta it does something else. While a word is being
 * composed (pinyin and the like) Enter only takes the word: `isComposing` says so, and where a browser ends composition
 * before telling of the key (Safari), its old key code 229 does.
 */
export function sendsOnKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'isComposing' | 'keyCode'>,
): boolean {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return false;
  return !event.shiftKey && !event.altKey;
}
