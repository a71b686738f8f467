/** Which page is open: the part of the address after `#`, so that links and the way back work without the server. */

import { computed, signal } from "@preact/signals";

const read = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);

export const route = signal<string[]>(read());
export const page = computed(() => route.value[0] ?? "plan");

addEventListener("hashchange", () => (route.value = read()));

export const hrefOf = (...parts: (string | number)[]) => `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;

export function go(...parts: (string | number)[]): void {
  location.hash = hrefOf(...parts);
}

/** The panels beside the editor. */
export const PANELS = ["problems", "try", "week", "changes", "settings"] as const;
export type Panel = (typeof PANELS)[number];

export const panel = computed<Panel | null>(() => {
  if (page.value !== "plan") return null;
  return PANELS.find((name) => name === route.value[1]) ?? "try";
});
