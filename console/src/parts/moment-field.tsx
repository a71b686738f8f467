/**
 * A moment on the plan's clock, which the view names. The field is the browser's, which has a notation of its own; below it
 * the moment is said as everywhere on the page, with its zone.
 */

import { useState } from "preact/hooks";
import { explainClock } from "../state/clock.ts";
import { clockZone } from "../state/plan-clock.ts";
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
  function set(next: string): void {
    setClock(next);
    onInput?.(next);
  }
  return (
    <Field label={label} hint={clock === "" ? undefined : explainClock(clock, clockZone.value, which)}>
      {(ids) => <input {...ids} type="datetime-local" name={name} value={clock} onInput={(event) => set(event.currentTarget.value)} />}
    </Field>
  );
}
