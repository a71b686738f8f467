/** An answer that follows its question: a new question gives the one before up, and only the newest answer counts. */

import { type Signal, signal } from "@preact/signals";
import { isGivenUp } from "../api/failure.ts";

export class Latest<T> {
  /** The newest answer. It stays while the next is being waited for. */
  readonly answer: Signal<T | null> = signal(null);
  readonly failure: Signal<unknown> = signal(null);
  readonly isAsking: Signal<boolean> = signal(false);
  private asking: AbortController | null = null;

  /** Asks, and forgets what was asked before. */
  async ask(run: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.asking?.abort();
    const own = new AbortController();
    this.asking = own;
    this.isAsking.value = true;
    try {
      const answer = await run(own.signal);
      if (this.asking !== own) return;
      this.answer.value = answer;
      this.failure.value = null;
    } catch (error) {
      if (this.asking !== own || isGivenUp(error)) return;
      this.failure.value = error;
    }
    this.isAsking.value = false;
  }

  forget(): void {
    this.asking?.abort();
    this.asking = null;
    this.answer.value = null;
    this.failure.value = null;
    this.isAsking.value = false;
  }
}
