/** What stands at the top of paper alone: whose page it is, and of which state. */

import { who } from "../api/session.ts";
import { When } from "../parts/time.tsx";
import { isChanged, saved } from "../state/plan.ts";
import { page } from "../state/route.ts";
import { trial } from "../state/trial.ts";

export function PrintedHead() {
  const config = saved.value;
  return (
    <div class="printed" aria-hidden="true">
      <span>callplan · {who.value?.organization.name}</span>
      {page.value === "plan" && config && (
        <span>
          Revision {config.revision}, saved <When instant={config.updated_at} isLong hasZone />
          {!config.enabled && ", switched off"}
          {isChanged.value && ", with changes that are not saved"}
        </span>
      )}
    </div>
  );
}

/** Which calls a week is of: on the screen, a form says it. */
export function PrintedCall() {
  const { dialed, switches } = trial.value;
  const said = Object.entries(switches).map(([name, isOn]) => `, ${name} ${isOn ? "on" : "off"}`);
  return (
    <p class="printed" aria-hidden="true">
      Calls to {dialed}
      {said.join("")}
    </p>
  );
}
