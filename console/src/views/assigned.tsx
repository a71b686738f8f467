/** The numbers that an agent's versions answer where no plan decides. */

import { useState } from "preact/hooks";
import type { Agent, AgentVersion, PhoneNumber } from "../api/contract.ts";
import { may } from "../api/session.ts";
import { Field } from "../parts/field.tsx";
import { Fold } from "../parts/fold.tsx";
import { NumberInput } from "../parts/number-input.tsx";
import { assigning, takingAway, type Work } from "./agent-acts.ts";
import { type Act, LiveAct } from "./live-act.tsx";

/** More numbers of a version are folded. */
const MOST_SHOWN = 20;

const mayAssign = () => may("phone_numbers:manage") && may("agents:manage");

interface AssignedProps {
  agent: Agent;
  version: AgentVersion;
  numbers: readonly PhoneNumber[];
  doing: Work;
}

/** The numbers of a version. */
export function Assigned({ agent, version: { id, version }, numbers, doing }: AssignedProps) {
  const [act, setAct] = useState<Act | null>(null);
  const own = numbers.filter((number) => number.inbound_agent_version_id === id);
  if (own.length === 0) return null;
  const tags = (shown: PhoneNumber[]) => (
    <div class="assigned">
      {shown.map(({ phone_number: number }) => (
        <span key={number} class="number-tag">
          {number}
          {mayAssign() && (
            <button type="button" class="quiet" aria-label={`Take ${number} away from version ${version}`} onClick={() => setAct(takingAway({ agent, version }, number, doing))}>
              ✕
            </button>
          )}
        </span>
      ))}
    </div>
  );
  const rest = own.slice(MOST_SHOWN);
  return (
    <>
      {tags(own.slice(0, MOST_SHOWN))}
      {rest.length > 0 && <Fold summary={`${rest.length.toLocaleString("en-US")} more numbers`}>{() => tags(rest)}</Fold>}
      {act !== null && <LiveAct act={act} onClose={() => setAct(null)} />}
    </>
  );
}

interface AssignProps {
  agent: Agent;
  versions: readonly AgentVersion[];
  numbers: readonly PhoneNumber[];
  doing: Work;
}

/** One chooses a number and a version; the button assigns it. Drafts have no numbers. */
export function AssignForm({ agent, versions, numbers, doing }: AssignProps) {
  const published = versions.filter((version) => version.published_at !== null).map(({ version }) => version);
  const [act, setAct] = useState<Act | null>(null);
  const [written, setWritten] = useState("");
  const [chosen, setChosen] = useState<number | null>(null);
  if (!mayAssign() || published.length === 0 || numbers.length === 0) return null;
  const version = chosen ?? Math.max(...published);
  const found = numbers.find((it) => it.phone_number === written.trim());
  const isThere = found?.inbound_agent_id === agent.id && found.inbound_agent_version === version;

  function submit(event: Event): void {
    event.preventDefault();
    if (found !== undefined) setAct(assigning({ agent, version }, found, doing));
  }

  return (
    <form class="inline" aria-label="Assign a number" onSubmit={submit}>
      <Field label="Give a number" hint={hintOf(written, found, isThere)}>
        {(ids) => <NumberInput ids={ids} numbers={numbers} value={written} onWrite={setWritten} />}
      </Field>
      <Field label="To version">
        {(ids) => (
          <select {...ids} value={version} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
            {published.map((number) => (
              <option key={number} value={number}>
                {number}
              </option>
            ))}
          </select>
        )}
      </Field>
      <button type="submit" disabled={found === undefined || isThere}>
        Assign
      </button>
      {act !== null && <LiveAct act={act} onClose={() => setAct(null)} />}
    </form>
  );
}

function hintOf(written: string, found: PhoneNumber | undefined, isThere: boolean): string {
  if (isThere) return "It has this number already.";
  return written.trim() === "" || found !== undefined ? "Write a part of it to choose." : "Not one of your numbers yet.";
}
