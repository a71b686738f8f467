/** What concerns the whole page: a lost connection, and what is so now that one has to know on every page. */

import { useState } from "preact/hooks";
import type { Diagnostic, Switch } from "../api/contract.ts";
import { isConnected } from "../api/connection.ts";
import { may, mayTurnSwitches, who } from "../api/session.ts";
import { Words } from "../parts/code.tsx";
import { When } from "../parts/time.tsx";
import { withNames } from "../state/names.ts";
import { saved } from "../state/plan.ts";
import { hrefOf } from "../state/route.ts";
import { changedLive, standingProblems, switchesOn } from "../state/standing.ts";
import { type Act, LiveAct } from "./live-act.tsx";
import { turning } from "./settings.tsx";
import { turningSwitch } from "./turning-switch.ts";

export function Banners() {
  return (
    <>
      <div aria-live="polite">
        {!isConnected.value && (
          <p class="banner bad">
            The server cannot be reached. What you write is kept on this machine, and the page goes on once it answers.
          </p>
        )}
      </div>
      {who.value !== null && <Standing />}
    </>
  );
}

/** Agents of the plan that cannot answer, in the codes of a check. */
const CANNOT_ANSWER = ["inactive-agent", "unknown-agent", "unknown-version", "unpublished-version"];
/** Switches beyond these are a number. */
const MOST_SWITCHES = 3;
/** Problems beyond these are a number. */
const MOST_PROBLEMS = 2;

/** Current state: one line each. */
function Standing() {
  const [act, setAct] = useState<Act | null>(null);
  const config = saved.value;
  const mayAct = may("inbound_routing_configs:manage");
  const told = standingProblems.value.filter(({ code }) => CANNOT_ANSWER.includes(code) || code === "dates-end");
  return (
    <>
      <section aria-label="Current state" aria-live="polite">
        {config && !config.enabled && (
          <p class="banner warn">
            <span>The plan is switched off. Each number's own agent answers.</span>
            {mayAct && (
              <button type="button" onClick={() => setAct(turning(config))}>
                Put it in force…
              </button>
            )}
          </p>
        )}
        {switchesOn.value.slice(0, MOST_SWITCHES).map((item) => (
          <SwitchBanner key={item.name} item={item} onTurn={mayTurnSwitches.value ? setAct : null} />
        ))}
        {switchesOn.value.length > MOST_SWITCHES && (
          <p class="banner warn">
            <a href={hrefOf("switches")}>{moreOn(switchesOn.value.length - MOST_SWITCHES)}</a>
          </p>
        )}
        {told.slice(0, MOST_PROBLEMS).map((problem) => (
          <ProblemBanner key={`${problem.code} ${problem.line} ${problem.message}`} problem={problem} />
        ))}
        {told.length > MOST_PROBLEMS && (
          <p class="banner warn">
            <a href={hrefOf("plan", "problems")}>And {told.length - MOST_PROBLEMS} more of the plan's problems</a>
          </p>
        )}
      </section>
      {act !== null && <LiveAct act={act} onClose={() => setAct(null)} />}
    </>
  );
}

const moreOn = (more: number) => (more === 1 ? "And 1 more switch is on" : `And ${more} more switches are on`);

function SwitchBanner({ item, onTurn }: { item: Switch; onTurn: ((act: Act) => void) | null }) {
  return (
    <p class="banner warn">
      <span>
        Switch <strong>{item.name}</strong> is on
        {item.until !== null && (
          <>
            , until <When instant={item.until} isLong hasZone />
          </>
        )}
        .
      </span>
      {onTurn !== null && (
        <button type="button" onClick={() => onTurn(turningSwitch(item, false, undefined, () => void changedLive()))}>
          Turn {item.name} off…
        </button>
      )}
    </p>
  );
}

function ProblemBanner({ problem }: { problem: Diagnostic }) {
  return (
    <p class="banner warn">
      <span>
        {problem.code === "dates-end" ? "Dates of the plan end: " : "Plan: "}
        <Words text={withNames(problem.message)} />.
      </span>
      <a href={hrefOf("plan", "problems")}>See it in the plan</a>
    </p>
  );
}
