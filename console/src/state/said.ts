/** A sentence for whoever looks or listens: shown for a while, and read out by screen readers. */

import { signal } from "@preact/signals";

const SHOWN_MS = 6000;

export const said = signal<string | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

export function say(sentence: string): void {
  said.value = sentence;
  clearTimeout(timer);
  timer = setTimeout(() => (said.value = null), SHOWN_MS);
}
