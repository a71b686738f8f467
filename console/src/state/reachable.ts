/** Which switches calls to the dialed number can reach, as the newest answer says. */

import { computed } from "@preact/signals";
import { trying } from "./trial.ts";
import { weeks } from "./week.ts";
import { panel } from "./route.ts";

/** Null until it is known. */
export const reachableSwitches = computed<readonly string[] | null>(() => {
  const tried = trying.answer.value?.result.reachable_switches ?? null;
  const ofWeek = weeks.answer.value?.reachable_switches ?? null;
  return panel.value === "week" ? (ofWeek ?? tried) : (tried ?? ofWeek);
});
