/**
 * A moment on the plan's clock. The field is the browser's, which has a notation of its own; below it the moment is said as
 * everywhere on the page, with its zone.
 */

import { useState } from "preact/hooks";
import { explainClock } from "../state/clock.ts";
import { clockZone, isPlanClock } from "../state/plan-clock.ts";
import { Field } from "./field.tsx";

interface Props {
  label: string;
  name?: string;
  /** Of a moment that the clock shows twice. */
  which?: "first" | "last";
  onInput?: (clock: string) => void;
}

export function MomentField({ label, name, which = "first", onInput }: Props) {
  const [clock, setClock] = useState("");
  const zone = clockZone.value;
  const hint = clock === "" ? `${isPlanClock.value ? "The plan’s clock" : "Your time zone"}, ${zone}` : explainClock(clock, zone, which);
  function set(next: string): void {
    setClock(next);
    onInput?.(next);
  }
  return (
    <Field label={label} hint={hint}>
      {(ids) => <input {...ids} type="datetime-local" name={name} value={clock} onInput={(event) => set(event.currentTarget.value)} />}
    </Field>
  );
}
