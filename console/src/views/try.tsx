/** Try a call: what it is, what becomes of it, and why. */

import { computed } from "@preact/signals";
import { writeExample } from "../api/endpoints.ts";
import { mayWrite } from "../api/session.ts";
import { inWords } from "../api/failure.ts";
import { desk } from "../editor/desk.ts";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { accepted, errors } from "../state/check.ts";
import { say } from "../state/said.ts";
import { asCall, declaredSwitches, trial, trying, zone } from "../state/trial.ts";
import { isBlank, text } from "../state/plan.ts";
import { DecisionCard, Way } from "./decision.tsx";
import { TrialForm } from "./trial-form.tsx";
import { NoText, Unready } from "./unready.tsx";

export function Try() {
  // A clock without a plan has no zone, and no call can be tried.
  if (isBlank.value) return <NoText then="calls are tried here" />;
  return (
    <>
      <TrialForm />
      <Stale />
      <div aria-live="polite">
        <Result />
      </div>
    </>
  );
}

/** Says that what follows is about an older text. */
export function Stale() {
  if (errors.value.length === 0 || accepted.value === null || accepted.value === text.value) return null;
  return <p class="notice warn">The plan has errors. This is what it did before.</p>;
}

/** Whether there is a plan to be tried, and a number: most keys change neither. */
const hasPlan = computed(() => accepted.value !== null);
const isDialed = computed(() => trial.value.dialed.trim() !== "");

function Result() {
  const { answer, failure } = trying;
  if (!hasPlan.value) return <Unready then="the call is tried here" />;
  if (!isDialed.value) return <Empty title="Which number is dialed?" />;
  if (failure.value !== null) return <Failed error={failure.value} />;
  if (answer.value === null) return <Waiting what="Trying…" />;
  const { decision, trace, notes } = answer.value.result;
  return (
    <>
      <DecisionCard decision={decision} />
      {mayWrite.value && (
        <p class="fixes">
          <KeepButton />
        </p>
      )}
      <h2>Why</h2>
      <Way steps={trace} onLine={(line) => desk.goToLine(line)} />
      {notes.map((note) => (
        <p key={note} class="hint">
          {note}
        </p>
      ))}
    </>
  );
}

function KeepButton() {
  return (
    <button type="button" onClick={() => void keepAsExample()} disabled={accepted.value !== text.value}>
      Keep as an example
    </button>
  );
}

/** Writes the call into the plan, with what is decided now as what is expected. */
async function keepAsExample(): Promise<void> {
  const before = text.peek();
  const call = asCall(trial.peek(), zone.peek(), declaredSwitches.peek());
  try {
    const { workflow_definition } = await writeExample(before, call);
    if (text.peek() !== before) return;
    desk.replace(workflow_definition);
    desk.goToLine(desk.current.doc.lines);
    say("The example is at the end of the plan. A plan with a failing example cannot be saved.");
  } catch (error) {
    say(inWords(error));
  }
}
