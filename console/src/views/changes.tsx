/** What saving would change, and saving itself. */

import type { Replay, WitnessCall } from "../api/contract.ts";
import { Fold } from "../parts/fold.tsx";
import { LongList } from "../parts/long-list.tsx";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { When } from "../parts/time.tsx";
import { meanings, replays } from "../state/changes.ts";
import { sayDate } from "../state/clock.ts";
import { accepted, errors, isCurrent, problems } from "../state/check.ts";
import { isBlank, isChanged, isOvertaken, saved, savedText, text } from "../state/plan.ts";
import { go, hrefOf } from "../state/route.ts";
import { isSaving, save } from "../state/save.ts";
import { tryCall } from "../state/trial.ts";
import { ChangeList } from "./change.tsx";
import { EffectsOf } from "./effects.tsx";
import { decided } from "./outcome.tsx";
import { count } from "./plan-head.tsx";
import { Stale } from "./try.tsx";
import { TextDiff } from "./text-diff.tsx";

export function Changes() {
  if (!isChanged.value) {
    return (
      <Empty title="Nothing is changed">
        <p>What you write is compared with the saved plan here: every call that would be decided differently, before you save.</p>
      </Empty>
    );
  }
  return (
    <>
      <SaveCard />
      <Stale />
      {saved.value !== null ? <Meaning /> : accepted.value !== null && <EffectsOf asked={{ config: { workflow_definition: accepted.value } }} />}
      {saved.value !== null && <Replayed />}
      <Fold summary="The text, line by line">{() => <DraftDiff />}</Fold>
    </>
  );
}

function DraftDiff() {
  return <TextDiff before={savedText.value} after={text.value} label="Lines that change" />;
}

/** Saving, and what stands in its way. */
function SaveCard() {
  const failing = problems.value.filter((it) => it.code === "example-failed" || it.code === "proof-failed").length;
  const bad = errors.value.length;
  return (
    <div class="save-card">
      {bad > 0 && isCurrent.value ? (
        <p>
          It cannot be saved yet: <a href={hrefOf("plan", "problems")}>{count(bad, "error")}</a>
          {failing > 0 && `, of which ${failing} ${failing === 1 ? "is an example or a proof that fails" : "are examples or proofs that fail"}`}.
        </p>
      ) : (
        <p>{isBlank.value ? "A plan without text cannot be saved." : isOvertaken.value ? "Someone saved a revision while you were editing." : "Takes effect with the next call."}</p>
      )}
      <button type="button" class="primary" disabled={isSaving.value || isBlank.value || (bad > 0 && isCurrent.value)} onClick={() => void save()}>
        {isSaving.value ? "Saving…" : isOvertaken.value ? "See their changes" : saved.value === null ? "Save the plan" : "Save it now"}
      </button>
    </div>
  );
}

function Meaning() {
  const { answer, failure, isAsking } = meanings;
  const hasErrors = errors.value.length > 0;
  if (accepted.value === null) return null;
  // What an older text does not change says nothing of one with errors.
  if (hasErrors && (answer.value === null || answer.value.diff.same)) return null;
  if (failure.value !== null) return <Failed error={failure.value} />;
  if (answer.value === null) return <Waiting what="Comparing all calls…" />;
  const { diff } = answer.value;
  const isOld = isAsking.value || answer.value.text !== text.value;
  return (
    <section aria-labelledby="meaning" aria-busy={isOld && !hasErrors}>
      <h2 id="meaning">Among all possible calls {isOld && <span class="hint">{hasErrors ? "(before the errors)" : "(comparing…)"}</span>}</h2>
      {diff.reads_otherwise && <ReadsOtherwise />}
      {diff.same ? <p class="good">Every call is decided as before.</p> : <ChangeList changes={diff.changes} />}
      {diff.more > 0 && <p class="hint">And {diff.more.toLocaleString("en-US")} smaller changes that are not listed.</p>}
      {saved.value?.enabled === false && <p class="notice warn">The plan is switched off: this changes calls only once it is in force.</p>}
      <p class="hint">
        For calls from {sayDate(diff.from)} to {sayDate(diff.until)}, against revision {diff.against}.
      </p>
    </section>
  );
}

/** What is not compared. */
export function ReadsOtherwise() {
  return (
    <p class="notice warn">
      The plans read numbers without <code>+</code> in different ways, by their <code>country</code> lines. Compared are calls whose numbers both read alike.
    </p>
  );
}

function Replayed() {
  const { answer, failure } = replays;
  if (failure.value !== null) return <Failed error={failure.value} />;
  if (answer.value === null) return null;
  const { replay } = answer.value;
  return (
    <section aria-labelledby="replayed">
      <h2 id="replayed">Of the last {count(replay.calls, "call")}</h2>
      <ReplayWords replay={replay} />
      <LongList name="replayed" items={replay.changed} draw={(it) => <ReplayedCall {...it} />} />
    </section>
  );
}

function ReplayedCall({ call, created_at, before, after }: Replay["changed"][number]) {
  return (
    <button type="button" class="row" onClick={() => openCall(call)}>
      <span>
        {call.caller_number ?? "withheld"} → {call.called_number}, <When instant={created_at} />
      </span>
      <span>
        <del>{decided(before)}</del> <ins>{decided(after)}</ins>
      </span>
    </button>
  );
}

function ReplayWords({ replay }: { replay: Replay }) {
  const { calls, not_comparable: unknown } = replay;
  const changed = replay.changed.length + replay.left_out;
  if (calls === 0) return <p>No call is in the log yet.</p>;
  return (
    <p>
      {changed === 0 ? "None would have been decided differently" : `${changed} would have been decided differently`}
      {unknown > 0 && `; ${unknown} cannot be compared, because their numbers are not kept`}.
    </p>
  );
}

function openCall(call: WitnessCall): void {
  tryCall(call, call.switches);
  go("plan", "try");
}
