/** What two states of the config say differently beside their texts, a sentence each. A text that means the same says nothing of it. */

import type { ConfigFields } from "../api/contract.ts";
import { agentName } from "./names.ts";

export type Settings = Omit<ConfigFields, "workflow_definition">;

const fallbackOf = ({ fallback_agent_id: id, fallback_agent_version: version }: Settings) => `${agentName(id)}${version === null ? "" : ` v${version}`}`;

export const isOtherFallback = (one: Settings, other: Settings) =>
  one.fallback_agent_id !== other.fallback_agent_id || one.fallback_agent_version !== other.fallback_agent_version;

export const switchedOff = "The plan is switched off: it decides no call, and each number's own agent answers.";
export const putInForce = "The plan is put in force: it decides calls, and no longer each number's own agent.";

export function fallbackTurn(before: Settings, after: Settings): string {
  if (after.fallback_agent_id === null) {
    return `There is no fallback agent: calls that the plan does not decide are cut off, instead of going to ${fallbackOf(before)}.`;
  }
  const instead = before.fallback_agent_id === null ? "being cut off" : fallbackOf(before);
  return `Calls that the plan does not decide go to ${fallbackOf(after)} instead of ${instead}.`;
}

export function settingsDiff(before: Settings, after: Settings): string[] {
  const sentences: string[] = [];
  if (before.enabled !== after.enabled) sentences.push(after.enabled ? putInForce : switchedOff);
  if (isOtherFallback(before, after)) sentences.push(fallbackTurn(before, after));
  return sentences;
}
