/**
 * The plan: as it is saved, and the draft of it that is being written. What is written is kept on this machine from the
 * first key on, and a revision that somebody else saves is noticed, never written over.
 */

import { batch, computed, signal } from "@preact/signals";
import type { Config } from "../api/contract.ts";
import { config, configUnless } from "../api/endpoints.ts";
import { desk, oneKindOfLine } from "../editor/desk.ts";
import type { KeptDraft } from "./kept-drafts.ts";
import { mayWrite, organizationId } from "../api/session.ts";
import { foundSent } from "./sent-text.ts";
import { dropOwn, keepOwn, takeUp, trouble } from "./tab-draft.ts";

const KEEP_MS = 400;

/** The config in force: null where there is none, and nothing until it is known. */
export const saved = signal<Config | null | undefined>(undefined);
/** The revision that the draft changes. */
export const base = signal<number | null>(null);
/** The draft's text: the editor's, from key to key. */
export const text = signal("");
/** When the draft was last edited, in milliseconds. */
export const editedAt = signal(0);
/** When the draft that was found on this machine was last edited; null once that has been answered. */
export const foundDraft = signal<number | null>(null);

export const savedText = computed(() => textOf(saved.value));
export const isBlank = computed(() => text.value.trim() === "");
export const isChanged = computed(() => text.value !== savedText.value);
/** Somebody else has saved since the draft began. */
export const isOvertaken = computed(() => isChanged.value && (saved.value?.revision ?? null) !== base.value);

function textOf(config: Config | null | undefined): string {
  return oneKindOfLine(config?.workflow_definition ?? "");
}

interface Upon {
  text: string;
  base: number | null;
}

/** When the draft went on upon another revision: the text before, and the one after. */
let turn: { before: Upon; after: Upon } | null = null;

/** Whose draft it is. It stays theirs while a key that is no longer valid is replaced. */
let owner: string | null = null;
export const draftOwner = () => owner;
/** Whether the plan is only read: nothing is written then, and no draft of the machine is touched. */
let isReading = false;
let keeping: ReturnType<typeof setTimeout> | undefined;

/** The editor's text has become this. */
export function written(next: string): void {
  batch(() => {
    text.value = next;
    base.value = baseOf(next);
    editedAt.value = Date.now();
    // What was deleted in another tab is kept again once one goes on with it.
    if (trouble.peek() === "deleted elsewhere") trouble.value = null;
  });
  clearTimeout(keeping);
  keeping = setTimeout(keepNow, KEEP_MS);
}

/** Keeps what is written at once: the page may be about to close. Says whether nothing would be lost. */
export function keepNow(): boolean {
  clearTimeout(keeping);
  if (owner === null || isReading || saved.peek() === undefined) return true;
  if (!isChanged.peek()) {
    dropOwn(owner);
    return true;
  }
  if (trouble.peek() === "deleted elsewhere") return false;
  return keepOwn(owner, { text: text.peek(), base: base.peek(), at: editedAt.peek() });
}

/** Reads the config, and takes up the draft that was left here, if there is one. */
export async function load(): Promise<void> {
  const organization = organizationId.peek();
  if (organization === null) return;
  keepNow();
  const found = await config();
  const sent = await foundSent(found).catch(() => null);
  owner = organization;
  isReading = !mayWrite.peek();
  turn = null;
  const draft = isReading ? null : takeUp(organization);
  const isLeft = draft !== null && draft.text !== textOf(found);
  batch(() => {
    saved.value = found;
    base.value = isLeft ? (sent !== null && sent.base === draft.base ? sent.revision : draft.base) : (found?.revision ?? null);
    foundDraft.value = isLeft ? draft.at : null;
    editedAt.value = isLeft ? draft.at : 0;
    text.value = isLeft ? draft.text : textOf(found);
  });
  desk.start(text.peek());
  keepNow();
}

/** Begins with this draft, in place of what stands in the editor. */
export function begin(draft: Omit<KeptDraft, "page">): void {
  turn = null;
  batch(() => {
    base.value = draft.base;
    text.value = draft.text;
    editedAt.value = draft.at;
    foundDraft.value = null;
  });
  desk.start(draft.text);
}

/** Looks whether another revision is in force. Where nothing was written, the editor follows it. */
export async function refresh(): Promise<void> {
  const known = saved.peek();
  if (known === undefined) return;
  const asked = owner;
  const found = known === null ? await config() : await configUnless(known.revision);
  // Meanwhile one may have gone to another organization.
  if (found !== undefined && owner === asked) take(found);
}

/** This is the config now. A draft goes on upon it where the text is the one that it changes. */
export function take(found: Config | null): void {
  const isSameText = found !== null && saved.peek() !== null && textOf(found) === savedText.peek();
  const follows = !isChanged.peek() || (isSameText && !isOvertaken.peek());
  const isShown = !isChanged.peek();
  batch(() => {
    saved.value = found;
    // What was written may be what is saved now.
    if (follows || textOf(found) === text.peek()) base.value = found?.revision ?? null;
  });
  if (isShown && text.peek() !== savedText.peek()) turn = null;
  if (turn?.after.text === text.peek()) turn.after.base = base.peek();
  if (isShown) desk.replace(savedText.peek());
}

/** The text that was sent has become a revision. What was written since then goes on upon it. */
export function becameRevision(sent: string, revision: number, found: Config): void {
  const isWhole = text.peek() === sent;
  turn = null;
  batch(() => {
    saved.value = found;
    base.value = isWhole ? found.revision : revision;
    foundDraft.value = null;
  });
  if (isWhole) desk.replace(savedText.peek());
  keepNow();
}

/** Gives the draft up for what is saved. It can be undone in the editor. */
export function takeSaved(): void {
  foundDraft.value = null;
  goOnUpon(saved.peek()?.revision ?? null, savedText.peek());
}

/**
 * Goes on upon another revision, with this text: the draft itself, where one knowingly keeps it, or one that has the
 * changes of both. Undoing it in the editor leads back to the revision before, too.
 */
export function goOnUpon(revision: number | null, next: string): void {
  turn = { before: { text: text.peek(), base: base.peek() }, after: { text: next, base: revision } };
  base.value = revision;
  desk.replace(next);
  keepNow();
}

/** What a text that is undone or redone changes. */
function baseOf(next: string): number | null {
  if (turn === null) return base.peek();
  const { before, after } = turn;
  if (next === after.text) return after.base;
  return next === before.text ? before.base : base.peek();
}
