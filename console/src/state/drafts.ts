/** All drafts of the organization on this machine: this tab's, those of other tabs, and those that no tab has open. */

import { computed, signal } from "@preact/signals";
import { dropAll, dropAt, keepAt, keptDrafts, type PlacedDraft } from "./kept-drafts.ts";
import { base, begin, draftOwner, editedAt, isChanged, keepNow, savedText, takeSaved, text } from "./plan.ts";
import { mayWrite } from "../api/session.ts";
import { followOthers, moveOn, ownPlace, trouble } from "./tab-draft.ts";

const DAY_MS = 86_400_000;
/** A draft that no tab has open is deleted so long after its last edit. */
export const KEPT_DAYS = 60;
/** Where there are more drafts of an organization, the oldest that no tab has open are deleted. */
export const MOST_KEPT = 20;
/** How long another tab has to say which draft it has open. */
const ANSWER_MS = 200;

/** Those of other tabs, the newest first. */
const others = signal<PlacedDraft[]>([]);
/** The places of drafts that another tab has open; null until that is known. */
const openElsewhere = signal<ReadonlySet<string> | null>(null);

export type Where = "here" | "elsewhere" | "nowhere";

export interface Draft {
  text: string;
  base: number | null;
  at: number;
  /** Which tab has it open. */
  where: Where;
  /** Null for this tab's. */
  kept: PlacedDraft | null;
}

export const drafts = computed<Draft[]>(() => {
  const own: Draft[] = isChanged.value ? [{ text: text.value, base: base.value, at: editedAt.value, where: "here", kept: null }] : [];
  // One that somebody has saved meanwhile is none any more.
  return [...own, ...others.value.filter((it) => it.text !== savedText.value).map(asDraft)];
});

/** The newest that no tab has open. */
export const leftDraft = computed(() => (openElsewhere.value === null ? null : (drafts.value.find((it) => it.where === "nowhere") ?? null)));

function asDraft(kept: PlacedDraft): Draft {
  const { text, base, at, place } = kept;
  return { text, base, at, where: openElsewhere.value?.has(place) ? "elsewhere" : "nowhere", kept };
}

/** Reads them again, and asks the other tabs which they have open. */
export async function lookForDrafts(): Promise<void> {
  list();
  const found = await askOtherTabs();
  list();
  openElsewhere.value = found;
  const owner = draftOwner();
  if (owner === null) return;
  for (const { place } of outlived(others.peek(), found)) dropAt(place);
  list();
}

function list(): void {
  const owner = draftOwner();
  // Whoever may only read takes none up, not even this tab's.
  others.value = owner === null ? [] : keptDrafts(owner).filter(({ place }) => !mayWrite.peek() || place !== ownPlace(owner));
}

/** Those that are deleted by their age or their number. */
function outlived(drafts: PlacedDraft[], open: ReadonlySet<string>): PlacedDraft[] {
  const oldest = Date.now() - KEPT_DAYS * DAY_MS;
  // This tab's own draft is one of them.
  return drafts.filter(({ place, at }, index) => !open.has(place) && (at < oldest || index + 1 >= MOST_KEPT));
}

type Word = { kind: "who" } | { kind: "open"; place: string };

const channel = new BroadcastChannel("callplan.drafts");
/** One for each question that waits for answers. */
const waiting = new Set<Set<string>>();

channel.onmessage = ({ data }: MessageEvent<Word>) => {
  if (data.kind === "open") for (const places of waiting) places.add(data.place);
  else answerOtherTab();
};

function answerOtherTab(): void {
  const owner = draftOwner();
  if (owner !== null && isChanged.peek()) channel.postMessage({ kind: "open", place: ownPlace(owner) } satisfies Word);
}

async function askOtherTabs(): Promise<ReadonlySet<string>> {
  const places = new Set<string>();
  waiting.add(places);
  channel.postMessage({ kind: "who" } satisfies Word);
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  waiting.delete(places);
  return places;
}

/**
 * Goes on with a draft in this tab. What was written here stays in the list, and so does a draft that another tab has open.
 * Says whether there was room for that.
 */
export function openDraft({ kept }: Draft): boolean {
  if (kept === null) return true;
  if (!setAside()) return false;
  begin(kept);
  if (keepNow() && !openElsewhere.peek()?.has(kept.place)) dropAt(kept.place);
  list();
  return true;
}

/** Keeps what is written here at its place, and takes a new one. */
function setAside(): boolean {
  trouble.value = null;
  if (!keepNow()) return false;
  moveOn();
  return true;
}

/** Deletes a draft. What is given back undoes it. */
export function deleteDraft({ kept, ...own }: Draft): () => Promise<void> {
  if (kept === null) takeSaved();
  else dropAt(kept.place);
  list();
  return async () => {
    if (kept !== null) keepAt(kept.place, kept);
    else if (setAside()) begin(own);
    keepNow();
    list();
  };
}

/** Deletes all of them, for whoever signs out: also those that another tab has open. */
export function deleteAllDrafts(): void {
  const owner = draftOwner();
  takeSaved();
  if (owner !== null) dropAll(owner);
}

export function followDrafts(): void {
  followOthers(draftOwner, keepNow, () => void lookForDrafts());
  addEventListener("focus", () => void lookForDrafts());
}
