/** Light or dark: as the system has it, until one chooses. */

import { computed, effect, signal } from "@preact/signals";

type Theme = "light" | "dark";

const KEPT_AT = "callplan.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

const systemTheme = signal<Theme>(system.matches ? "dark" : "light");
const chosen = signal<Theme | null>(localStorage.getItem(KEPT_AT) as Theme | null);

export const theme = computed(() => chosen.value ?? systemTheme.value);

system.addEventListener("change", () => (systemTheme.value = system.matches ? "dark" : "light"));

export function toggleTheme(): void {
  chosen.value = theme.peek() === "dark" ? "light" : "dark";
  localStorage.setItem(KEPT_AT, chosen.value);
}

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
});
