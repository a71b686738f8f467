/** The numbers that a version answers where no plan decides. */

import { useState } from "preact/hooks";
import type { Agent, AgentVersion, PhoneNumber } from "../api/contract.ts";
import { may } from "../api/session.ts";
import { Field } from "../parts/field.tsx";
import { assigning, takingAway, type Work } from "./agent-acts.ts";
import { type Act, LiveAct } from "./live-act.tsx";

interface AssignedProps {
  agent: Agent;
  version: AgentVersion;
  numbers: PhoneNumber[];
  doing: Work;
  preparing: Work;
}

/** The numbers of a version; assigning one publishes it, so drafts have none. */
export function Assigned({ agent, version: { id, version, published_at }, numbers, doing, preparing }: AssignedProps) {
  const [act, setAct] = useState<Act | null>(null);
  const own = numbers.filter((number) => number.inbound_agent_version_id === id);
  const others = numbers.filter((number) => number.inbound_agent_version_id !== id);
  const mayAssign = may("phone_numbers:manage") && may("agents:manage") && published_at !== null;
  const assign = (number: PhoneNumber) => preparing(async () => setAct(await assigning({ agent, version }, number, doing)));
  return (
    <div class="assigned">
      {own.map(({ phone_number: number }) => (
        <span key={number} class="number-tag">
          {number}
          {mayAssign && (
            <button type="button" class="quiet" aria-label={`Take ${number} away from version ${version}`} onClick={() => setAct(takingAway({ agent, version }, number, doing))}>
              ✕
            </button>
          )}
        </span>
      ))}
      {mayAssign && others.length > 0 && <AssignForm version={version} numbers={others} onAssign={(number) => void assign(number)} />}
      {act !== null && <LiveAct act={act} onClose={() => setAct(null)} />}
    </div>
  );
}

interface AssignProps {
  version: number;
  numbers: PhoneNumber[];
  onAssign: (number: PhoneNumber) => void;
}

/** One chooses a number; the button assigns it. */
function AssignForm({ version, numbers, onAssign }: AssignProps) {
  const [chosen, setChosen] = useState("");
  const found = numbers.find((it) => it.phone_number === chosen);
  function submit(event: Event): void {
    event.preventDefault();
    if (found !== undefined) onAssign(found);
  }
  return (
    <form class="assign" aria-label={`A number for version ${version}`} onSubmit={submit}>
      <Field label={`Give version ${version} a number`}>
        {(ids) => (
          <select {...ids} value={found === undefined ? "" : chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            <option value="">choose…</option>
            {numbers.map(({ phone_number: number }) => (
              <option key={number} value={number}>
                {number}
              </option>
            ))}
          </select>
        )}
      </Field>
      <button type="submit" disabled={found === undefined}>
        Assign
      </button>
    </form>
  );
}
