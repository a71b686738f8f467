/**
 * The check of the draft, from key to key. A new key gives the check before up; a plan that takes long to check waits for a
 * longer pause, so that the server is not asked for what nobody will read.
 */

import { batch, computed, effect, signal } from "@preact/signals";
import type { Diagnostic } from "../api/contract.ts";
import { check } from "../api/endpoints.ts";
import { isConnected } from "../api/connection.ts";
import { Latest } from "./latest.ts";
import { saved, text } from "./plan.ts";
import { type Surroundings, surroundings } from "./surroundings.ts";

const SHORTEST_PAUSE_MS = 30;
const LONGEST_PAUSE_MS = 1500;

export interface Checked {
  text: string;
  /** What it rested on. */
  around: Surroundings;
  diagnostics: Diagnostic[];
  more: number;
}

export const checking = new Latest<Checked>();

/** The problems of the newest text that was checked. */
export const problems = computed(() => checking.answer.value?.diagnostics ?? []);
/** How many more there are, beyond what an answer has room for. */
export const unlisted = computed(() => checking.answer.value?.more ?? 0);
export const errors = computed(() => ofSeverity("error"));
export const warnings = computed(() => ofSeverity("warning"));
/** Whether what is known is known of what stands in the editor. */
export const isCurrent = computed(() => checking.answer.value?.text === text.value);
/** The newest text without errors: what the other views speak of. */
export const accepted = signal<string | null>(null);
/** How often a text was accepted: what was given up because of a key is asked again then, if the text is the old one too. */
const timesAccepted = signal(0);

/** The newest text without errors, for whoever asks something about it: anew each time that one is accepted. */
export function acceptedNow(): string | null {
  void timesAccepted.value;
  return accepted.value;
}

function ofSeverity(severity: Diagnostic["severity"]): Diagnostic[] {
  return problems.value.filter((problem) => problem.severity === severity);
}

let pause = SHORTEST_PAUSE_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

async function run(text: string): Promise<void> {
  const [begun, around] = [performance.now(), surroundings.peek()];
  await checking.ask(async (signal) => {
    const { ok, diagnostics, more } = await check(text, signal);
    // An answer that has come may still be given up: by a key, or because the organization is another now.
    if (ok && !signal.aborted) {
      batch(() => {
        accepted.value = text;
        timesAccepted.value += 1;
      });
    }
    pause = Math.min(Math.max((performance.now() - begun) / 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
    return { text, around, diagnostics, more };
  });
}

/** Follows the draft from now on, and what its check rests on. */
export function followDraft(): void {
  effect(() => {
    const draft = text.value;
    void surroundings.value;
    clearTimeout(timer);
    if (saved.value === undefined || !isConnected.value) return;
    if (draft.trim() === "") {
      checking.forget();
      accepted.value = null;
      return;
    }
    timer = setTimeout(() => void run(draft), pause);
  });
}
