/** What a check rests on beside the text. When it becomes another, what was checked is asked again. */

import { signal } from "@preact/signals";

export interface Surroundings {
  /** The agents, as they are listed. */
  readonly agents: string;
  /** The date, in UTC. */
  readonly today: string;
  /** How often something was done here that acts on calls. */
  readonly acts: number;
}

export const surroundings = signal<Surroundings>({ agents: "", today: "", acts: 0 });

/** Another object only where something is other: whoever follows it asks again then. */
export function surround(part: Partial<Surroundings>): void {
  const [before, next] = [surroundings.peek(), { ...surroundings.peek(), ...part }];
  const isSame = before.agents === next.agents && before.today === next.today && before.acts === next.acts;
  if (!isSame) surroundings.value = next;
}
