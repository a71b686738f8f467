/** A list of the organization's that is read once, and shared by all views. */

import { type Signal, signal } from "@preact/signals";
import { may } from "../api/session.ts";

/** What is older is read again when one looks at it. */
const OLD_MS = 30_000;

export class SharedList<T> {
  /** Null until they are known. */
  readonly items: Signal<T[] | null> = signal(null);
  private readonly scope: string;
  private readonly ask: () => Promise<T[]>;
  private readAt = 0;
  private reading: Promise<void> | null = null;

  /** Who does not have the scope reads nothing. */
  constructor(scope: string, ask: () => Promise<T[]>) {
    this.scope = scope;
    this.ask = ask;
  }

  /** Reads it anew. */
  async read(): Promise<void> {
    if (!may(this.scope)) return;
    const own = this.readNow().finally(() => (this.reading = this.reading === own ? null : this.reading));
    this.reading = own;
    await own;
  }

  /** Reads it if it is not known, or was read a while ago. */
  async need(): Promise<void> {
    if (this.reading !== null) return this.reading;
    if (this.items.peek() === null || Date.now() - this.readAt > OLD_MS) await this.read();
  }

  private async readNow(): Promise<void> {
    const begun = Date.now();
    const found = await this.ask();
    // A list that was begun later is the newer one.
    if (begun < this.readAt) return;
    this.items.value = found;
    this.readAt = begun;
  }
}
