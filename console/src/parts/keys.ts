/** Keys as this machine's keyboard has them: `⌘ S` on a Mac, `Ctrl S` elsewhere. */

export const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

const ON_APPLE: Record<string, string> = { Mod: "⌘", Alt: "⌥", Shift: "⇧" };

/** A shortcut, from its keys with spaces between; `Mod` is the key for commands. */
export function keysOf(shortcut: string): string {
  const named = (key: string) => (isApple ? (ON_APPLE[key] ?? key) : key === "Mod" ? "Ctrl" : key);
  return shortcut.split(" ").map(named).join(" ");
}
