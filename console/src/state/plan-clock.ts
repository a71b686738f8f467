/** The clock of the page: that of the saved plan. Whoever may not read the plan, or has none, has their own. */

import { computed } from "@preact/signals";
import { ownZone } from "./clock.ts";
import { zoneOf } from "./facts.ts";
import { saved, savedText } from "./plan.ts";

export const isPlanClock = computed(() => !!saved.value);
export const clockZone = computed(() => (isPlanClock.value ? zoneOf(savedText.value) : ownZone));
