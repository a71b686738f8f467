/** An answer that follows its question: a new question gives the one before up, and only the newest answer counts. */

import { type Signal, signal } from "@preact/signals";
import { isGivenUp } from "../api/failure.ts";

export class Latest<T> {
  /** The newest answer. It stays while the next is being waited for. */
  readonly answer: Signal<T | null> = signal(null);
  readonly failure: Signal<unknown> = signal(null);
  readonly isAsking: Signal<boolean> = signal(false);
  private asking: AbortController | null = null;

  /** Asks, and forgets what was asked before. Says whether this was answered. */
  async ask(run: (signal: AbortSignal) => Promise<T>): Promise<boolean> {
    this.asking?.abort();
    const own = new AbortController();
    this.asking = own;
    this.isAsking.value = true;
    try {
      const answer = await run(own.signal);
      if (this.asking !== own) return false;
      this.answer.value = answer;
      this.failure.value = null;
    } catch (error) {
      if (this.asking !== own || isGivenUp(error)) return false;
      this.failure.value = error;
    }
    this.isAsking.value = false;
    return this.failure.value === null;
  }

  /** Waits no longer. What is known stays. */
  giveUp(): void {
    this.asking?.abort();
    this.asking = null;
    this.isAsking.value = false;
  }

  forget(): void {
    this.giveUp();
    this.answer.value = null;
    this.failure.value = null;
  }
}
