/** Which calls of the log are shown. */

import type { CallFilter } from "../api/contract.ts";
import { Field } from "../parts/field.tsx";
import { MomentField } from "../parts/moment-field.tsx";
import { isNarrow } from "../parts/narrow.ts";
import { momentAt } from "../state/clock.ts";
import { clockZone } from "../state/plan-clock.ts";
import { useState } from "preact/hooks";
import { AgentField } from "./agent-field.tsx";

/** What a form's field says, if it says something. */
function given(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** The filter that a form says; its moments are on the plan's clock. */
function filterOf(form: FormData, agent: string): CallFilter {
  const filter: CallFilter = agent === "" ? {} : { agent_id: agent };
  for (const name of ["rule", "action", "source"] as const) {
    const value = given(form, name);
    if (value !== undefined) filter[name] = value;
  }
  for (const [name, which] of [["since", "first"], ["until", "last"]] as const) {
    const value = given(form, name);
    if (value !== undefined) filter[name] = momentAt(value, clockZone.peek(), which).instant;
  }
  return filter;
}

export function CallFilters({ onFilter }: { onFilter: (filter: CallFilter) => void }) {
  return (
    <details class="filter" open={!isNarrow()}>
      <summary>Filter</summary>
      <FilterForm onFilter={onFilter} />
    </details>
  );
}

function FilterForm({ onFilter }: { onFilter: (filter: CallFilter) => void }) {
  // A field that is new is empty.
  const [round, setRound] = useState(0);
  const [agent, setAgent] = useState("");
  function reset(): void {
    setRound(round + 1);
    setAgent("");
    onFilter({});
  }
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    onFilter(filterOf(new FormData(event.currentTarget as HTMLFormElement), agent));
  }
  return (
    <form class="filters" aria-label="Filter calls" onSubmit={submit} onReset={reset}>
      <Field label="Rule">{(ids) => <input {...ids} name="rule" spellcheck={false} />}</Field>
      <AgentField key={`agent ${round}`} label="Agent" none="any" value={agent} onChoose={setAgent} />
      <Field label="Outcome">
        {(ids) => (
          <select {...ids} name="action">
            <option value="">any</option>
            <option value="answer">answered</option>
            <option value="disconnect">disconnected</option>
          </select>
        )}
      </Field>
      <Field label="Decided by">
        {(ids) => (
          <select {...ids} name="source">
            <option value="">any</option>
            <option value="workflow">the plan</option>
            <option value="fallback">the fallback</option>
            <option value="number">the number's own agent</option>
            <option value="none">nobody</option>
          </select>
        )}
      </Field>
      <MomentField key={`since ${round}`} label="Since" name="since" />
      <MomentField key={`until ${round}`} label="Until" name="until" which="last" />
      <div class="actions">
        <button type="submit" class="primary">
          Filter
        </button>
        <button type="reset" class="quiet">
          All calls
        </button>
      </div>
    </form>
  );
}
