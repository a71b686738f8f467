/** A decision in full: who answers, why, and what they are told. */

import { useMemo } from "preact/hooks";
import type { Decision, TraceStep } from "../api/contract.ts";
import { Words } from "../parts/code.tsx";
import { Fold } from "../parts/fold.tsx";
import { LongList } from "../parts/long-list.tsx";
import { agentName } from "../state/names.ts";
import { foldMisses, runInWords, type WayPart } from "../state/way.ts";
import { reasonInWords, versioned } from "./outcome.tsx";

interface CardProps {
  decision: Decision;
  /** Of a call that has been: it went there. */
  isPast?: boolean;
}

export function DecisionCard({ decision, isPast = false }: CardProps) {
  const isAnswered = decision.action === "answer";
  return (
    <div class={`decision ${isAnswered ? "answers" : "ends"}`}>
      <p class="verdict">
        {isAnswered ? (
          <>
            <span class="verb">{isPast ? "went to" : "goes to"}</span> <strong>{agentName(decision.agent_id)}</strong>
            <span class="version">{versioned(decision.version)}</span>
          </>
        ) : (
          <strong>{decision.reason === "rejected" ? "turned away" : "nobody answers"}</strong>
        )}
      </p>
      {decision.rule !== null && <p class="by">by rule “{decision.rule}”</p>}
      {decision.reason !== null && <p class="by">{reasonInWords(decision.reason)}</p>}
      <Told decision={decision} />
    </div>
  );
}

/** What goes along to the agent. */
function Told({ decision }: { decision: Decision }) {
  const { initial_context: context, custom_metadata: metadata } = decision;
  if (context === "" && metadata === null && !decision.skip_pre_conversation_workflow) return null;
  return (
    <dl class="told">
      {context !== "" && (
        <div>
          <dt>Is told</dt>
          <dd class="context">{context}</dd>
        </div>
      )}
      {metadata !== null && (
        <div>
          <dt>Metadata</dt>
          <dd>
            <code>{JSON.stringify(metadata)}</code>
          </dd>
        </div>
      )}
      {decision.skip_pre_conversation_workflow && (
        <div>
          <dt>Skips</dt>
          <dd>the pre-conversation workflow</dd>
        </div>
      )}
    </dl>
  );
}

interface WayProps {
  steps: TraceStep[];
  onLine?: ((line: number) => void) | undefined;
}

/** The path through the plan as a list: the same as the editor draws. */
export function Way({ steps, onLine }: WayProps) {
  // A plan of thousands of rules has as many steps: they are not gone through again at each key.
  return useMemo(() => <LongList label="The path through the plan" name="way" items={foldMisses(steps)} nameOf={fateOf} draw={(part) => <WayItem part={part} onLine={onLine} />} />, [steps]);
}

function fateOf(part: WayPart): string {
  if (part.kind === "run") return "missed run";
  const { held } = part.step;
  return held === null ? "done" : held ? "held" : "missed";
}

function WayItem({ part, onLine }: { part: WayPart; onLine: WayProps["onLine"] }) {
  if (part.kind === "step") return <Step step={part.step} onLine={onLine} />;
  const { steps } = part;
  return (
    <Fold summary={runInWords(steps)}>
      {() => <LongList name="way" items={steps} nameOf={() => "missed"} draw={(step) => <Step step={step} onLine={onLine} />} />}
    </Fold>
  );
}

function Step({ step, onLine }: { step: TraceStep; onLine: WayProps["onLine"] }) {
  return (
    <>
      {onLine === undefined ? (
        <span class="line">line {step.line}</span>
      ) : (
        <button type="button" class="line" onClick={() => onLine(step.line)}>
          line {step.line}
        </button>
      )}
      <code class="statement">{step.statement}</code>
      {step.because !== null && (
        <span class="because">
          <span class="fate">{step.held === false ? "not true: " : step.held ? "true: " : ""}</span>
          <Words text={step.because} />
        </span>
      )}
    </>
  );
}
