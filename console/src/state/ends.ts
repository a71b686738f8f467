/** What becomes of calls that the plan leaves to the fallback agent, where it can answer. */

import { computed } from "@preact/signals";
import { problems } from "./check.ts";
import { leavesCalls } from "./facts.ts";
import { agentName } from "./names.ts";
import { saved, text } from "./plan.ts";

/** The check's words for calls that go to the fallback agent though no line says so. */
const LEFT = ["undecided-calls", "inactive-agent"];

/** Whether calls go to the fallback agent: a line says so, or the check has found some. */
const areCallsLeft = computed(() => leavesCalls(text.value) || problems.value.some(({ code }) => LEFT.includes(code)));

/** What is so of every call, where nothing is wrong. */
export const everyCall = computed(() =>
  areCallsLeft.value ? `Every call gets a decision, or goes to the fallback agent ${agentName(saved.value?.fallback_agent_id ?? null)}` : "Every call gets a decision",
);
