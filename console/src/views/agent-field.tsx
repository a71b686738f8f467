/** Chooses one of the agents: from a list while they are few, else by a part of the name. */

import { useState } from "preact/hooks";
import { Field } from "../parts/field.tsx";
import { OfferedInput } from "../parts/offered-input.tsx";
import { agentName, agents } from "../state/names.ts";

/** More are found by a part of the name. */
const MOST_LISTED = 20;

interface Props {
  label: string;
  hint?: string;
  /** What no agent is called. */
  none: string;
  /** The agent's id; empty for none. */
  value: string;
  onChoose: (id: string) => void;
}

interface Choice {
  id: string;
  name: string;
}

export function AgentField({ label, hint, none, value, onChoose }: Props) {
  const choices = choicesWith(value);
  if (choices.length > MOST_LISTED) return <WrittenAgent {...{ label, none, value, onChoose, choices }} {...(hint !== undefined && { hint })} />;
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <select {...ids} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
          <option value="">{none}</option>
          {choices.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** The agents, each by another name. One that is chosen and cannot be listed is still there. */
function choicesWith(chosen: string): Choice[] {
  const known: Choice[] = agents.value ?? [];
  const all = chosen === "" || known.some(({ id }) => id === chosen) ? known : [{ id: chosen, name: agentName(chosen) }, ...known];
  const counts = new Map<string, number>();
  for (const { name } of all) counts.set(name, (counts.get(name) ?? 0) + 1);
  return all.map(({ id, name }) => ({ id, name: counts.get(name) === 1 ? name : `${name} (${id})` }));
}

function WrittenAgent({ label, hint, none, value, onChoose, choices }: Props & { choices: Choice[] }) {
  const nameOf = (id: string) => choices.find((choice) => choice.id === id)?.name ?? "";
  const [written, setWritten] = useState(nameOf(value));
  const [shownFor, setShownFor] = useState(value);
  // Another is chosen than the one that is written.
  if (value !== shownFor) {
    setShownFor(value);
    setWritten(nameOf(value));
  }

  const idOf = (text: string) => (text.trim() === "" ? "" : choices.find(({ name }) => name.toLowerCase() === text.trim().toLowerCase())?.id);
  function write(text: string): void {
    setWritten(text);
    const id = idOf(text);
    if (id === undefined || id === value) return;
    setShownFor(id);
    onChoose(id);
  }

  /** As the agent's name is written. */
  const leave = () => idOf(written) === value && setWritten(nameOf(value));
  const isNobody = idOf(written) === undefined;
  const told = isNobody ? "Not one of your agents yet." : "Write a part of the name to choose.";
  return (
    <Field label={label} hint={hint === undefined ? told : `${hint} ${told}`}>
      {(ids) => <OfferedInput ids={ids} placeholder={none} value={written} offers={choices.map(({ name }) => name)} onWrite={write} onLeave={leave} trouble={isNobody ? "Choose one of your agents." : ""} />}
    </Field>
  );
}
