/** Which page is open: the part of the address after `#`, so that links and the way back work without the server. */

import { computed, signal } from "@preact/signals";
import { may, mayWrite } from "../api/session.ts";
import { firstPage, scopeOf } from "./pages.ts";

const read = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);

export const route = signal<string[]>(read());
/** Without a name it is the first that the key allows. */
export const page = computed(() => route.value[0] ?? firstPage.value);

addEventListener("hashchange", () => (route.value = read()));

export const hrefOf = (...parts: (string | number)[]) => `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;

export function go(...parts: (string | number)[]): void {
  location.hash = hrefOf(...parts);
}

/** The panels beside the editor. */
export const PANELS = ["problems", "try", "week", "changes", "settings"] as const;
export type Panel = (typeof PANELS)[number];

/** Those that the key allows: whoever may only read changes nothing. */
export const panels = computed<Panel[]>(() => PANELS.filter((name) => name !== "changes" || mayWrite.value));

export const panel = computed<Panel | null>(() => {
  if (page.value !== "plan" || !may(scopeOf("plan"))) return null;
  return panels.value.find((name) => name === route.value[1]) ?? "try";
});
