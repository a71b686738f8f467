/** What becomes different for calls, as the service works it out from the whole state. */

import type { Effects, EffectsChange, EffectsRequest } from "../api/contract.ts";
import { effects } from "../api/endpoints.ts";
import { useAsked } from "../parts/asked.ts";
import { Fold } from "../parts/fold.tsx";
import { Failed, Waiting } from "../parts/notice.tsx";
import { Turn } from "./change.tsx";
import { count } from "./plan-head.tsx";
import { decided } from "./outcome.tsx";

/** More changes than these are opened by hand. */
const FIRST = 3;
/** More kinds of calls than these are folded. */
const MOST_CALLS = 3;

interface Props {
  asked: EffectsRequest;
  /** What is said where no call changes. */
  same?: string;
}

/** Settings that are other may matter once an agent is, so it is not said that all is as before. */
const NONE_NOW = "No call ends differently, with all else as it is now.";

export function EffectsOf({ asked, same = NONE_NOW }: Props) {
  const { answer, failure, again } = useAsked(() => effects(asked), [JSON.stringify(asked)]);
  if (failure !== null) return <Failed error={failure} onRetry={again} />;
  if (answer === null) return <Waiting what="Working out which calls this changes…" />;
  return answer.same ? <p class="good">{same}</p> : <EffectsList answer={answer} />;
}

function EffectsList({ answer }: { answer: Effects }) {
  const { undecided, text, changes, more, warnings } = answer;
  const rest = changes.slice(FIRST);
  return (
    <section class="effects" aria-label="What becomes different">
      {warnings.map(({ code, message }) => (
        <p key={code} class="notice warn">
          {message}
        </p>
      ))}
      {undecided && <p>{text}</p>}
      <ReplayLine answer={answer} />
      <EffectsChanges changes={changes.slice(0, FIRST)} />
      {rest.length > 0 && (
        <details>
          <summary>{count(rest.length + more, "more change")}</summary>
          <EffectsChanges changes={rest} />
          {more > 0 && <p class="hint">And {more} that are not listed.</p>}
        </details>
      )}
    </section>
  );
}

function EffectsChanges({ changes }: { changes: EffectsChange[] }) {
  return (
    <ol class="changes">
      {changes.map((change, index) => (
        <li key={index} class="change">
          <Turn was={decided(change.was)} now={decided(change.now)} isDetails={change.changes === "details"} isEnd={change.now.action !== "answer"} />
          <Calls change={change} />
        </li>
      ))}
    </ol>
  );
}

/** The first kinds of calls; the others folded. */
function Calls({ change: { calls, has_more_calls: hasMore } }: { change: EffectsChange }) {
  const [first, rest] = [calls.slice(0, MOST_CALLS), calls.slice(MOST_CALLS)];
  const listed = (sets: typeof calls, isAll: boolean) => (
    <ul>
      {sets.map((set) => (
        <li key={set.text}>{set.text}</li>
      ))}
      {hasMore && isAll && <li class="hint">and more</li>}
    </ul>
  );
  return (
    <>
      {listed(first, rest.length === 0)}
      {rest.length > 0 && <Fold summary={`${count(rest.length, "more kind")} of calls`}>{() => listed(rest, true)}</Fold>}
    </>
  );
}

/** How many calls of the log it would have changed. */
function ReplayLine({ answer: { replay } }: { answer: Effects }) {
  if (replay === null || replay.calls === 0) return null;
  const unknown = replay.not_comparable;
  return (
    <p>
      Of the last {count(replay.calls, "call")}, {replay.changed === 0 ? "none" : replay.changed} would be decided differently now
      {unknown > 0 && `; ${unknown} cannot be compared, because their numbers are not kept`}.
    </p>
  );
}
