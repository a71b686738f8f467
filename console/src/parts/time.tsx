/** An instant on the plan's clock; on the reader's own for whoever points at it, or listens. */

import { ago, cityOf, ownZone, reading, sayInstant } from "../state/clock.ts";
import { clockZone, isPlanClock } from "../state/plan-clock.ts";

interface Props {
  instant: string | number;
  /** The moment itself, and not how long ago it was. */
  isLong?: boolean;
  hasSeconds?: boolean;
  /** Where no note beside it names the clock. */
  hasZone?: boolean;
}

export function When({ instant, isLong = false, hasSeconds = false, hasZone = false }: Props) {
  const zone = clockZone.value;
  const said = sayInstant(instant, zone, hasSeconds);
  const own = reading(instant, ownZone) === reading(instant, zone) ? null : `your time (${cityOf(ownZone)}): ${sayInstant(instant, ownZone, hasSeconds)}`;
  return (
    <time dateTime={new Date(instant).toISOString()} title={`${said} in ${zone}${own === null ? "" : `; ${own}`}`}>
      {isLong ? said : ago(instant)}
      {hasZone && ` in ${zone}`}
      {isLong && own !== null && <span class="unseen"> ({own})</span>}
    </time>
  );
}

/** Names the clock, before the first time of a view. */
export function ClockNote() {
  const zone = clockZone.value;
  if (!isPlanClock.value) return <p class="hint clock-note">Times are in your time zone, {zone}.</p>;
  return (
    <p class="hint clock-note">
      Times are on the plan’s clock, {zone}.{reading(Date.now(), ownZone) !== reading(Date.now(), zone) && ` Point at one for your own (${cityOf(ownZone)}).`}
    </p>
  );
}
