/** The week: who answers a number, day by day, on the plan's clock. */

import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { accepted } from "../state/check.ts";
import { dayAfter, dayName } from "../state/clock.ts";
import { isBlank } from "../state/plan.ts";
import { isOrdinary, trial, zone } from "../state/trial.ts";
import { calendar } from "../state/week-pieces.ts";
import { monday, seenKinds, showWeekOf, weeks } from "../state/week.ts";
import { PrintedCall } from "./printed.tsx";
import { DialedField, SwitchFields } from "./trial-form.tsx";
import { Stale } from "./try.tsx";
import { NoText, Unready } from "./unready.tsx";
import { Legend } from "./week-legend.tsx";
import { WeekGrid } from "./week-grid.tsx";
import { WeekTable } from "./week-table.tsx";

export function Week() {
  if (isBlank.value) return <NoText then="its week is drawn here" />;
  return (
    <>
      <form class="call-form" onSubmit={(event) => event.preventDefault()}>
        <DialedField />
        <SwitchFields />
      </form>
      <WeekChooser />
      <Stale />
      <Shown />
    </>
  );
}

function WeekChooser() {
  const first = monday.value;
  return (
    <div class="week-chooser">
      <button type="button" class="quiet" aria-label="The week before" onClick={() => showWeekOf(dayAfter(first, -7))}>
        ←
      </button>
      <h2 aria-live="polite">
        {dayName(first)} to {dayName(dayAfter(first, 6))}
      </h2>
      <button type="button" class="quiet" aria-label="The week after" onClick={() => showWeekOf(dayAfter(first, 7))}>
        →
      </button>
      <button type="button" class="quiet" onClick={() => showWeekOf(null)}>
        This week
      </button>
      <input type="date" aria-label="The week of" value={first} onChange={(event) => event.currentTarget.value && showWeekOf(event.currentTarget.value)} />
    </div>
  );
}

function Shown() {
  const { answer, failure } = weeks;
  if (accepted.value === null) return <Unready then="its week is drawn here" />;
  if (trial.value.dialed.trim() === "") return <Empty title="Which number is dialed?" />;
  if (failure.value !== null) return <Failed error={failure.value} />;
  if (answer.value === null) return <Waiting what="Loading the week…" />;
  const drawn = calendar(answer.value, seenKinds);
  const { caller_number: caller } = answer.value.call;
  return (
    <>
      <PrintedCall />
      <p class="hint clock-note">
        {isOrdinary.value ? "Calls from an ordinary caller" : `Calls from ${caller === null || caller === "" ? "a withheld number" : caller}`}, on the
        clock of {zone.value}.
        <span class="unprinted">
          {" "}
          Other callers: <a href="#/plan/try">Try a call</a>.
        </span>
      </p>
      <WeekGrid calendar={drawn} zone={answer.value.zone} />
      <Legend calendar={drawn} />
      <WeekTable calendar={drawn} />
    </>
  );
}
