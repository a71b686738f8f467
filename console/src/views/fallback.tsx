/** The fallback agent: chosen here, and set by the button alone. */

import { useState } from "preact/hooks";
import { versions as listVersions } from "../api/endpoints.ts";
import { may } from "../api/session.ts";
import { useAsked } from "../parts/asked.ts";
import { Field } from "../parts/field.tsx";
import { agentName } from "../state/names.ts";
import { AgentField } from "./agent-field.tsx";
import { versioned } from "./outcome.tsx";

export interface Fallback {
  fallback_agent_id: string | null;
  /** Null is the newest published version. */
  fallback_agent_version: number | null;
}

interface Props {
  /** As it is saved. */
  now: Fallback;
  onSet: (fallback: Fallback) => void;
}

const isSame = (one: Fallback, other: Fallback) =>
  one.fallback_agent_id === other.fallback_agent_id && one.fallback_agent_version === other.fallback_agent_version;

export const fallbackInWords = ({ fallback_agent_id: id, fallback_agent_version: version }: Fallback) => (id === null ? "no fallback agent" : `${agentName(id)}${versioned(version)}`);

export function FallbackForm({ now, onSet }: Props) {
  const [chosen, setChosen] = useState(now);
  const [shownFor, setShownFor] = useState(now);
  // What is saved has become another: the choice begins again from it.
  if (!isSame(now, shownFor)) {
    setShownFor(now);
    setChosen(now);
  }

  function submit(event: Event): void {
    event.preventDefault();
    onSet(chosen);
  }

  return (
    <form class="fallback" aria-label="Fallback" onSubmit={submit}>
      <AgentField
        label="Fallback agent"
        hint="Answers where the plan decides nothing, or its agent cannot."
        none="no fallback agent"
        value={chosen.fallback_agent_id ?? ""}
        onChoose={(id) => setChosen({ fallback_agent_id: id || null, fallback_agent_version: null })}
      />
      {chosen.fallback_agent_id !== null && <VersionField key={chosen.fallback_agent_id} agent={chosen.fallback_agent_id} chosen={chosen} onChoose={setChosen} />}
      <button type="submit" disabled={isSame(chosen, now)}>
        Set the fallback agent
      </button>
    </form>
  );
}

interface ChoiceProps {
  chosen: Fallback;
  onChoose: (chosen: Fallback) => void;
}

/** Its version. One that cannot be listed is still shown. */
function VersionField({ agent, chosen, onChoose }: ChoiceProps & { agent: string }) {
  const { answer } = useAsked(() => (may("agents:read") ? listVersions(agent) : Promise.resolve([])), [agent]);
  const version = chosen.fallback_agent_version;
  const published = (answer ?? []).filter((it) => it.published_at !== null).map((it) => it.version);
  const listed = version === null || published.includes(version) ? published : [version, ...published];
  const choose = (next: string) => onChoose({ ...chosen, fallback_agent_version: next === "" ? null : Number(next) });
  return (
    <Field label="Its version">
      {(ids) => (
        <select {...ids} value={version ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">the newest published</option>
          {listed.map((number) => (
            <option key={number} value={number}>
              version {number}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
