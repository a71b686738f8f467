/** What the config says beside its text: the fallback agent, and whether the plan is in force. Each takes effect at once. */

import { useState } from "preact/hooks";
import type { Config, ConfigFields } from "../api/contract.ts";
import { mayWrite } from "../api/session.ts";
import { Empty } from "../parts/notice.tsx";
import { saved } from "../state/plan.ts";
import { saveSettings } from "../state/save.ts";
import { type Fallback, FallbackForm, fallbackInWords } from "./fallback.tsx";
import { type Act, LiveAct } from "./live-act.tsx";

type Setting = Partial<Omit<ConfigFields, "workflow_definition">>;

export function Settings() {
  const [act, setAct] = useState<Act | null>(null);
  const config = saved.value;
  if (!config) return <Empty title="Nothing is saved yet">{<p>Save a plan first. Then you can choose its fallback agent here.</p>}</Empty>;
  return (
    <>
      {mayWrite.value ? (
        <FallbackForm now={fallbackOf(config)} onSet={(fallback) => setAct(settingFallback(config, fallback))} />
      ) : (
        <dl class="facts">
          <dt>Fallback agent</dt>
          <dd>{fallbackInWords(config)}</dd>
        </dl>
      )}
      <div class="in-force">
        {mayWrite.value && (
          <button type="button" role="switch" aria-checked={config.enabled} class="switch" aria-label="The plan is in force" onClick={() => setAct(turning(config))}>
            <span aria-hidden="true" />
          </button>
        )}
        <div>
          <strong>{config.enabled ? "The plan is in force" : "The plan is switched off"}</strong>
          <p class="hint">{config.enabled ? "Calls are decided by it." : "Each number's own agent answers."}</p>
        </div>
      </div>
      {act !== null && <LiveAct act={act} onClose={() => setAct(null)} />}
    </>
  );
}

const fallbackOf = ({ fallback_agent_id, fallback_agent_version }: Fallback): Fallback => ({ fallback_agent_id, fallback_agent_version });

/** Sets fields of the config, and gives them the values that they have now to take it back. */
const setting = (now: Setting, before: Setting) => ({ effects: { config: now }, run: () => saveSettings(now), undo: () => saveSettings(before) });

export function turning({ enabled }: Config): Act {
  const set = setting({ enabled: !enabled }, { enabled });
  if (!enabled) {
    return { ...set, title: "Put the plan in force", words: ["Calls are decided by the plan again, and no longer by each number's own agent."], done: "The plan is in force." };
  }
  const words = ["The plan decides no call any more. Each number's own agent answers."];
  return { ...set, title: "Switch the plan off", words, done: "The plan is switched off." };
}

function settingFallback(config: Config, next: Fallback): Act {
  const before = fallbackOf(config);
  const [was, now] = [fallbackInWords(before), fallbackInWords(next)];
  const left = "Calls that the plan does not decide, or whose agent cannot answer,";
  const turn = { ...setting(next, before), title: "Set the fallback agent" };
  if (next.fallback_agent_id === null) return { ...turn, words: [`${left} are cut off. Until now ${was} answers them.`], done: "There is no fallback agent now." };
  const instead = before.fallback_agent_id === null ? `${left} go to ${now}. Until now they are cut off.` : `${left} go to ${now} instead of ${was}.`;
  return { ...turn, words: [instead], done: `The fallback agent is ${now}.` };
}
