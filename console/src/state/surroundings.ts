/** What a check rests on beside the text. When it becomes another, what was checked is asked again. */

import { signal } from "@preact/signals";

export interface Surroundings {
  /** The service's number for what decides calls: it grows with each change, by whomever. */
  readonly stamp: number | null;
  /** The date, in UTC. */
  readonly today: string;
}

export const surroundings = signal<Surroundings>({ stamp: null, today: "" });

/** Another object only where something is other: whoever follows it asks again then. */
export function surround(part: Partial<Surroundings>): void {
  const [before, next] = [surroundings.peek(), { ...surroundings.peek(), ...part }];
  const isSame = before.stamp === next.stamp && before.today === next.today;
  if (!isSame) surroundings.value = next;
}

/** The server's date is UTC's. */
export const today = () => new Date().toISOString().slice(0, 10);
