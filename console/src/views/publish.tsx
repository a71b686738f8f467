/** Before a version is published: what it is made of, and the way to send it only a share of the calls. */

import type { Agent, AgentVersion } from "../api/contract.ts";
import { agentIn } from "../state/facts.ts";
import { savedText } from "../state/plan.ts";
import { type Act, LiveAct } from "./live-act.tsx";

interface Props {
  act: Act;
  agent: Agent;
  version: AgentVersion;
  /** The newest published version; null where there is none. */
  newest: number | null;
  onClose: () => void;
}

export function PublishDialog({ act, agent, version, newest, onClose }: Props) {
  return (
    <LiveAct act={act} onClose={onClose}>
      <h3>The config of version {version.version}</h3>
      {version.config === null ? <p class="hint">It has no config.</p> : <pre class="config" tabIndex={0} aria-label={`The config of version ${version.version}`}>{JSON.stringify(version.config, null, 2)}</pre>}
      {newest !== null && newest < version.version && <OnlyAShare name={agentIn(savedText.value, agent.id)} before={newest} after={version.version} />}
    </LiveAct>
  );
}

/** How to pin what is there, and then to try the new version on some. */
function OnlyAShare({ name, before, after }: { name: string; before: number; after: number }) {
  return (
    <details>
      <summary>Send it only a share of the callers instead</summary>
      <ol class="steps">
        <li>
          In the plan, write <code>{`route to ${name} version ${before}`}</code> where it says <code>{`route to ${name}`}</code>, and save.
        </li>
        <li>Publish version {after}: no call goes to it yet.</li>
        <li>In the plan, put this where the pinned route stands, and save. The same callers get version {after} each time.</li>
      </ol>
      <pre class="config" tabIndex={0} aria-label="The split to paste">
        {splitText(name, before, after)}
      </pre>
    </details>
  );
}

export const splitText = (name: string, before: number, after: number) => `split "${name.replaceAll('"', "")} version ${after}" by caller {
  10% {
    route to ${name} version ${after}
  }
  90% {
    route to ${name} version ${before}
  }
}`;
