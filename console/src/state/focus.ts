/** The way between the editor and the panel, by one key or a link. */

import { desk } from "../editor/desk.ts";

const FIELDS = "input, select, textarea, button, a[href], summary, [tabindex='0']";

/** Goes to the first field of the open panel, or to the panel where there is none. */
export function focusPanel(): void {
  const panel = document.getElementById("panel");
  const fields = [...(panel?.querySelectorAll<HTMLElement>(FIELDS) ?? [])];
  const first = fields.find((field) => !field.matches(":disabled") && field.checkVisibility());
  (first ?? panel)?.focus();
}

/** From the panel, or from anywhere else on the page, the key goes to the editor; the editor's own goes to the panel. */
export function focusEditor(event: KeyboardEvent): void {
  const isOther = event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
  if (event.key !== "F2" || isOther || document.querySelector("dialog[open]") !== null) return;
  event.preventDefault();
  desk.view?.focus();
}
