/** Whether the server can be reached. Once it cannot, it is asked until it answers. */

import { effect, signal } from "@preact/signals";

const PROBE_MS = 2000;

export const isConnected = signal(true);

export function madeContact(): void {
  isConnected.value = true;
}

export function lostConnection(): void {
  if (!isConnected.value) return;
  isConnected.value = false;
  setTimeout(probe, PROBE_MS);
}

/** Waits until the server can be reached; not at all where it can. */
export function whenConnected(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!isConnected.value) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

async function probe(): Promise<void> {
  try {
    const response = await fetch("/healthz", { cache: "no-store" });
    if (response.ok) return madeContact();
  } catch {
    // Still nobody there.
  }
  setTimeout(probe, PROBE_MS);
}
