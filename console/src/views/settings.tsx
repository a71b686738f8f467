/** What the config says beside its text: who stands in, and whether the plan is in force. Each holds at once. */

import { useState } from "preact/hooks";
import { inWords } from "../api/failure.ts";
import { Field } from "../parts/field.tsx";
import { Empty } from "../parts/notice.tsx";
import { agentName, agents } from "../state/names.ts";
import { saved } from "../state/plan.ts";
import { say } from "../state/said.ts";
import { saveSettings } from "../state/save.ts";
import { may } from "../api/session.ts";

export function Settings() {
  const [failure, setFailure] = useState<string | null>(null);
  const config = saved.value;
  if (!config) return <Empty title="Nothing is saved yet">{<p>Save a plan first; who stands in is said here then.</p>}</Empty>;
  const isReadOnly = !may("inbound_routing_configs:manage");

  async function set(fields: Parameters<typeof saveSettings>[0], done: string): Promise<void> {
    setFailure(null);
    try {
      await saveSettings(fields);
      say(done);
    } catch (error) {
      setFailure(inWords(error));
    }
  }

  const known = agents.value ?? [];
  const fallback = config.fallback_agent_id;
  const isUnknown = fallback !== null && !known.some((agent) => agent.id === fallback);
  return (
    <>
      <Field label="Fallback agent" hint="Answers where the plan decides nothing, or its agent cannot.">
        {(ids) => (
          <select {...ids} disabled={isReadOnly} value={fallback ?? ""} onChange={(event) => void set({ fallback_agent_id: event.currentTarget.value || null, fallback_agent_version: null }, "The fallback agent is set.")}>
            <option value="">nobody</option>
            {isUnknown && <option value={fallback}>{agentName(fallback)}</option>}
            {known.map((agent) => (
              <option key={agent.id} value={agent.id}>
                {agent.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div class="in-force">
        <button type="button" role="switch" aria-checked={config.enabled} disabled={isReadOnly} class="switch" aria-label="The plan is in force" onClick={() => void set({ enabled: !config.enabled }, config.enabled ? "The plan is switched off." : "The plan is in force.")}>
          <span aria-hidden="true" />
        </button>
        <div>
          <strong>{config.enabled ? "The plan is in force" : "The plan is switched off"}</strong>
          <p class="hint">{config.enabled ? "Every call is decided by it." : "Each number's own agent answers."}</p>
        </div>
      </div>
      {failure !== null && (
        <p class="error" role="alert">
          {failure}
        </p>
      )}
    </>
  );
}
