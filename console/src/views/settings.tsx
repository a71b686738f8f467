/** What the config says beside its text: who stands in, and whether the plan is in force. Each holds at once. */

import { useState } from "preact/hooks";
import { inWords } from "../api/failure.ts";
import { Empty } from "../parts/notice.tsx";
import { saved } from "../state/plan.ts";
import { say } from "../state/said.ts";
import { saveSettings } from "../state/save.ts";
import { may } from "../api/session.ts";
import { type Fallback, FallbackForm, fallbackInWords } from "./fallback.tsx";

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

  return (
    <>
      <FallbackForm now={fallbackOf(config)} isReadOnly={isReadOnly} onSet={(fallback) => void set(fallback, `The fallback agent is ${fallbackInWords(fallback)}.`)} />
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

const fallbackOf = ({ fallback_agent_id, fallback_agent_version }: Fallback): Fallback => ({ fallback_agent_id, fallback_agent_version });
