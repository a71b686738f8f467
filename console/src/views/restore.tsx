/** Bringing a revision back: its text, and what else it said only where one wants that too. */

import { useState } from "preact/hooks";
import type { Config, EffectsRequest, Revision } from "../api/contract.ts";
import { oneKindOfLine } from "../editor/desk.ts";
import { saved } from "../state/plan.ts";
import { restore, type Parts } from "../state/save.ts";
import { fallbackTurn, isOtherFallback, putInForce, switchedOff } from "../state/settings-diff.ts";
import { type Act, LiveAct } from "./live-act.tsx";

interface Props {
  revision: Revision;
  /** What is in force while one chooses. */
  now: Config;
  onClose: () => void;
}

export function RestoreDialog({ revision, now, onClose }: Props) {
  const [parts, setParts] = useState<Parts>({ enabled: false, fallback_agent: false });
  const isSameText = oneKindOfLine(revision.workflow_definition) === oneKindOfLine(now.workflow_definition);
  const number = revision.revision;
  const act: Act = {
    title: `Restore revision ${number}`,
    words: [isSameText ? `Its text is the same as the text saved now.` : `The text of revision ${number} becomes the plan again.`],
    effects: changeOf(revision, now, parts),
    run: () => restore(number, parts),
    done: () => `Revision ${number} is restored, as revision ${saved.peek()?.revision}.${saved.peek()?.enabled ? "" : " The plan is switched off."}`,
    undo: () => restore(now.revision, { enabled: true, fallback_agent: true }),
  };
  const isBlocked = isSameText && !parts.enabled && !parts.fallback_agent;
  return (
    <LiveAct act={act} onClose={onClose} isBlocked={isBlocked}>
      <PartChoices {...{ revision, now, parts }} onChoose={setParts} />
      {!now.enabled && !parts.enabled && <p>The plan stays switched off.</p>}
    </LiveAct>
  );
}

/** The change: what is not ticked stays as it is now. */
function changeOf({ revision }: Revision, now: Config, parts: Parts): EffectsRequest {
  const { enabled, fallback_agent_id, fallback_agent_version } = now;
  const config = { ...(parts.enabled ? {} : { enabled }), ...(parts.fallback_agent ? {} : { fallback_agent_id, fallback_agent_version }) };
  return { revision, config };
}

interface ChoicesProps extends Omit<Props, "onClose"> {
  parts: Parts;
  onChoose: (parts: Parts) => void;
}

/** What else it said, where that differs. None of it is brought back unless one says so. */
function PartChoices({ revision, now, parts, onChoose }: ChoicesProps) {
  const isOtherState = revision.enabled !== now.enabled;
  const isOther = isOtherFallback(now, revision);
  if (!isOtherState && !isOther) return null;
  return (
    <fieldset class="parts">
      <legend>Restored only if you tick it</legend>
      {isOtherState && (
        <Choice label={revision.enabled ? "Put the plan in force, too" : "Switch the plan off, too"} hint={revision.enabled ? putInForce : switchedOff} isChosen={parts.enabled} onChoose={(enabled) => onChoose({ ...parts, enabled })} />
      )}
      {isOther && <Choice label="Its fallback agent, too" hint={fallbackTurn(now, revision)} isChosen={parts.fallback_agent} onChoose={(fallback_agent) => onChoose({ ...parts, fallback_agent })} />}
    </fieldset>
  );
}

interface ChoiceProps {
  label: string;
  hint: string;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}

function Choice({ label, hint, isChosen, onChoose }: ChoiceProps) {
  return (
    <label class="choice">
      <input type="checkbox" checked={isChosen} onChange={(event) => onChoose(event.currentTarget.checked)} />
      <span>
        {label}
        <span class="hint">{hint}</span>
      </span>
    </label>
  );
}
