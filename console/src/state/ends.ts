/** What becomes of calls that the plan leaves: the fallback agent answers them, or nobody. */

import { computed } from "@preact/signals";
import { errors, problems } from "./check.ts";
import { leavesCalls } from "./facts.ts";
import { agentName, agents } from "./names.ts";
import { isBlank, saved, text } from "./plan.ts";

/** The check's words for calls that go to the fallback agent though no line says so. */
const LEFT = ["undecided-calls", "inactive-agent"];

/** Whether calls go to the fallback agent: a line says so, or the check has found some. */
const areCallsLeft = computed(() => leavesCalls(text.value) || problems.value.some(({ code }) => LEFT.includes(code)));

/** Why nobody answers the calls that the plan leaves; null where somebody does, or where it leaves none. */
export const nobodyAnswers = computed<string | null>(() => {
  if (isBlank.value || errors.value.length > 0 || !areCallsLeft.value) return null;
  const id = saved.value?.fallback_agent_id ?? null;
  if (id === null) return "Calls that get no decision are cut off: there is no fallback agent.";
  const agent = agents.value?.find((it) => it.id === id);
  if (agents.value === null || agent?.active === true) return null;
  return `Calls that get no decision are cut off: the fallback agent ${agentName(id)} ${agent === undefined ? "is gone" : "is not active"}.`;
});

/** What is so of every call, where nothing is wrong. */
export const everyCall = computed(() =>
  areCallsLeft.value ? `Every call gets a decision, or goes to the fallback agent ${agentName(saved.value?.fallback_agent_id ?? null)}` : "Every call gets a decision",
);

/** How many warnings and errors there are, with the one that no line of the text has. */
export const countOfProblems = computed(() => problems.value.length + (nobodyAnswers.value === null ? 0 : 1));
