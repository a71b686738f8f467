/**
 * This tab's draft. Each tab keeps its own: the tab's id is in its `sessionStorage`, so that a reload finds it again. A tab
 * that is duplicated has a copy of the id; then the page that came first moves on to a new place, and both are kept.
 */

import { signal } from "@preact/signals";
import { dropAt, isPlaceOf, keepAt, type KeptDraft, keptAt, placeOf, readDraft } from "./kept-drafts.ts";

const ID_AT = "callplan.draft-id";

/** Why what is written is only in this page. */
export type Trouble = "no room" | "deleted elsewhere";

export const trouble = signal<Trouble | null>(null);

const page = randomId();
let id = sessionStorage.getItem(ID_AT) ?? randomId();

/** `crypto.randomUUID` is only there where the page is served over TLS. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Where this tab keeps its draft. */
export const ownPlace = (organization: string) => placeOf(organization, id);

/** Takes a new place. What is kept at the old one stays there. */
export function moveOn(): void {
  id = randomId();
  sessionStorage.removeItem(ID_AT);
}

/** The draft that this tab has kept. From now on this page keeps it. */
export function takeUp(organization: string): KeptDraft | null {
  const draft = keptAt(ownPlace(organization));
  trouble.value = null;
  if (draft !== null) keepAt(ownPlace(organization), { ...draft, page });
  return draft;
}

/** Keeps it. Says whether it is kept. */
export function keepOwn(organization: string, draft: Omit<KeptDraft, "page">): boolean {
  if (isOthers(keptAt(ownPlace(organization)))) moveOn();
  const isKept = keepAt(ownPlace(organization), { ...draft, page });
  trouble.value = isKept ? null : "no room";
  if (isKept) sessionStorage.setItem(ID_AT, id);
  return isKept;
}

/** There is no draft any more. One that another page keeps is left alone. */
export function dropOwn(organization: string): void {
  trouble.value = null;
  if (isOthers(keptAt(ownPlace(organization)))) return;
  // The tab's id stays: at another organization the tab may have a draft still.
  dropAt(ownPlace(organization));
}

const isOthers = (draft: KeptDraft | null) => draft !== null && draft.page !== page;

/**
 * Follows what other pages do to the drafts of an organization: `keep` is called where another page has taken this tab's
 * place, and `changed` for any draft.
 */
export function followOthers(organization: () => string | null, keep: () => void, changed: () => void): void {
  addEventListener("storage", ({ key, newValue }) => {
    const owner = organization();
    if (owner === null || (key !== null && !isPlaceOf(owner, key))) return;
    if (key === null || key === ownPlace(owner)) ownChanged(key === null ? null : readDraft(newValue), keep);
    changed();
  });
}

function ownChanged(draft: KeptDraft | null, keep: () => void): void {
  if (isOthers(draft)) return keep();
  trouble.value = draft === null ? "deleted elsewhere" : null;
}
