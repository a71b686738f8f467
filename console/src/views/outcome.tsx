/** What becomes of a call, in words and in its color. */

import type { Decision, Ending } from "../api/contract.ts";
import { agentName } from "../state/names.ts";

/** What a decision's reason means, as one would say it. */
const REASONS: Record<string, string> = {
  rejected: "The plan turns it away.",
  no_decision: "The plan leaves it to the fallback agent.",
  agent_not_resolvable: "The plan's agent cannot answer: it is gone, not active, or has no such published version.",
  workflow_failed: "The plan does not pass any more.",
  workflow_timeout: "The plan took too long.",
  no_config: "There was no plan.",
  config_disabled: "The plan is switched off.",
  number_unassigned: "The number has no agent of its own.",
};

export const reasonInWords = (reason: string) => REASONS[reason] ?? reason;

/** Who answers, in a few words. */
export function decided(decision: Pick<Decision, "action" | "agent_id" | "version" | "reason">): string {
  if (decision.action === "answer") return `${agentName(decision.agent_id)}${versioned(decision.version)}`;
  return decision.reason === "rejected" ? "turned away" : "nobody answers";
}

export const versioned = (version: number | null) => (version === null ? "" : ` v${version}`);

/** What a plan's text alone says. */
export function ending(ending: Ending): string {
  switch (ending.decision) {
    case "route":
      return `${agentName(ending.agent_id)}${versioned(ending.version)}`;
    case "reject":
      return "turned away";
    case "fallback":
      return "the fallback agent";
  }
}

export function Outcome({ decision }: { decision: Decision }) {
  const kind = decision.action === "answer" ? (decision.source === "workflow" ? "answers" : "stands-in") : "ends";
  return <span class={`outcome ${kind}`}>{decided(decision)}</span>;
}
