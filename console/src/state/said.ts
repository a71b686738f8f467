/**
 * A sentence for whoever looks or listens: shown for a while, and read out by screen readers. With what was done live
 * stands the way back.
 */

import { signal } from "@preact/signals";
import { inWords } from "../api/failure.ts";

const SHOWN_MS = 6000;
const UNDO_MS = 10_000;

export interface Said {
  sentence: string;
  /** Takes back what the sentence tells of. */
  undo: (() => Promise<unknown>) | null;
  /** What is said once it is taken back. */
  undone: string;
}

/** What can be undone mostly acts on calls. */
const UNDONE = "Undone. This takes effect with the next call.";

export const said = signal<Said | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

export function say(sentence: string, undo: Said["undo"] = null, undone = UNDONE): void {
  said.value = { sentence, undo, undone };
  clearTimeout(timer);
  timer = setTimeout(() => (said.value = null), undo === null ? SHOWN_MS : UNDO_MS);
}

/** Takes back what was done last. */
export async function undoLast(): Promise<void> {
  const { undo = null, undone = UNDONE } = said.peek() ?? {};
  if (undo === null) return;
  said.value = null;
  try {
    await undo();
    say(undone);
  } catch (error) {
    say(`Not undone. ${inWords(error)}`);
  }
}

const LEFT_AT = "callplan.said";

/** Says this once the page has begun anew. */
export function sayAfterwards(sentence: string): void {
  sessionStorage.setItem(LEFT_AT, sentence);
}

export function sayWhatWasLeft(): void {
  const sentence = sessionStorage.getItem(LEFT_AT);
  if (sentence === null) return;
  sessionStorage.removeItem(LEFT_AT);
  say(sentence);
}
