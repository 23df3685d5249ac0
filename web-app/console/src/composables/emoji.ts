const signs = (line: string) => line.split(' ');

/** What customer service says with pictures, group by group; the dictionaries name the groups (`emoji.…`). */
export const EMOJI_GROUPS = [
  {
    name: 'faces',
    emoji: signs(
      '😊 🙂 😄 😁 😃 😂 🤣 😉 😍 🥰 😘 🤗 🤩 😎 🥳 😇 🤔 🤭 😅 😌 😶 😐 🙄 😬 😮 😳 🥺 😢 😭 😔 😕 😟 😣 😓 😩 😤 😠 😴 😷 🤒',
    ),
  },
  { name: 'hands', emoji: signs('👍 👎 👌 👏 🙌 🙏 🤝 👋 ✌️ 🤞 💪 ☝️ 👆 👇 👈 👉 ✋ ✊ 🤙 🫶') },
  { name: 'hearts', emoji: signs('❤️ 🧡 💛 💚 💙 💜 💕 💖 💔 💯 🌹 🌸 🎉 🎁 🎂 🎈 🏆 ⭐ 🔥 ✨') },
  {
    name: 'everyday',
    emoji: signs('📦 🚚 🛒 🛍️ 💰 💳 🧾 🏠 🏥 ☎️ 📞 📱 💻 📷 ⌚ 🔑 👕 👟 💊 🍎 🍚 🍵 ☕ 🍺 🚗 🚄 ✈️ ☀️ 🌙 ☔ ❄️ 🍀'),
  },
  { name: 'signs', emoji: signs('✅ ❌ ❗ ❓ ⚠️ 🚫 💡 📌 🔍 🔒 ⏰ 📅 📧 🔗 ⬆️ ⬇️ ➡️ ⬅️ 🆗 🆕') },
] as const;

/** Where a key leads in a grid of `count` cells; null for keys that do not move. The edges hold. */
export function stepInGrid(key: string, index: number, count: number, columns: number): number | null {
  const to = (next: number) => (next < 0 || next >= count ? index : next);
  switch (key) {
    case 'ArrowLeft':
      return to(index - 1);
    case 'ArrowRight':
      return to(index + 1);
    case 'ArrowUp':
      return to(index - columns);
    case 'ArrowDown':
      return to(index + columns);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
