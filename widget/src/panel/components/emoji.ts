const words = (line: string) => line.split(' ');

/** By group, in the order of the dictionary's `emojiGroups`. */
export const EMOJI: readonly (readonly string[])[] = [
  words(
    '😀 😄 😁 😆 😅 😂 🤣 😊 🙂 😉 😍 🥰 😘 😋 😜 🤗 🤔 🤭 😐 😶 🙄 😏 😴 😪 😷 🤒 😎 🥳 😕 😟 😮 😳 🥺 😢 😭 😱 😓 😩 😤 😠',
  ),
  words('👍 👎 👌 ✌️ 🤞 👋 👏 🙌 🙏 🤝 💪 👆 👇 👈 👉 ☝️ ✋ 🤙 ✊ 👊'),
  words('❤️ 🧡 💛 💚 💙 💜 🖤 💔 💕 💖 💯 🌹 🎉 🎁 🎂 🎈 🏆 ⭐ 🔥 ✨'),
  words('☀️ 🌙 ☔ ❄️ 🍎 🍉 🍚 🍜 🍵 ☕ 🍺 🚗 🚄 ✈️ 📦 🚚 🏠 🏥 💻 📱 📷 ⌚ 🔑 👕 👟 💊 🐶 🐱 🌸 🍀'),
  words('✅ ❌ ❗ ❓ ⚠️ 🚫 💡 📌 🔍 🔒 ⏰ 📅 💰 💳 🧾 📞 📧 🔗 ⬆️ ⬇️ ➡️ ⬅️ 🆗 🆕'),
];

/** Where an arrow key leads in a grid of `count` cells; null for other keys. */
export function stepInGrid(key: string, index: number, count: number, columns: number): number | null {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  if (step === undefined) return null;
  const next = index + step;
  return next < 0 || next >= count ? index : next;
}
