/** A call's way through a plan, with long runs of what did not match in one. */

import type { TraceStep } from "../api/contract.ts";

/** A shorter run is shown step by step. */
export const SHORTEST_RUN = 4;

export type WayPart = { kind: "step"; step: TraceStep } | { kind: "run"; steps: TraceStep[] };

export function foldMisses(steps: readonly TraceStep[]): WayPart[] {
  const parts: WayPart[] = [];
  let from = 0;
  while (from < steps.length) {
    let until = from;
    while (steps[until]?.held === false) until += 1;
    if (until - from >= SHORTEST_RUN) {
      parts.push({ kind: "run", steps: steps.slice(from, until) });
    } else {
      until = Math.max(until, from + 1);
      for (const step of steps.slice(from, until)) parts.push({ kind: "step", step });
    }
    from = until;
  }
  return parts;
}

/** What a run is of. A statement that is a rule begins with that word. */
export function runInWords(steps: readonly TraceStep[]): string {
  const areRules = steps.every((step) => step.statement.startsWith("rule"));
  return `${steps.length.toLocaleString("en-US")} ${areRules ? "rules" : "conditions"} did not match`;
}
