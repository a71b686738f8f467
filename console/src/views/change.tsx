/** The ways in which an edit changes what becomes of calls: one card for each `was → now`. */

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { Change } from "../api/contract.ts";
import { Fold } from "../parts/fold.tsx";
import { LongList } from "../parts/long-list.tsx";
import { groupChanges, sizeInWords } from "../state/change-groups.ts";
import { go } from "../state/route.ts";
import { tryCall } from "../state/trial.ts";
import { ending } from "./outcome.tsx";

/** So many changes of a card stand there; more are folded. */
const MOST_OPEN = 3;

interface Props {
  changes: Change[];
  /** Whether `now` is the draft's: its witness can then be tried. */
  isOfDraft?: boolean;
}

export function ChangeList({ changes, isOfDraft = true }: Props) {
  const groups = useMemo(() => groupChanges(changes), [changes]);
  return <LongList name="changes" nameOf={() => "change"} items={groups} draw={(group) => <ChangeCard changes={group} isOfDraft={isOfDraft} />} />;
}

function ChangeCard({ changes, isOfDraft }: Required<Props>) {
  const [first] = changes;
  if (first === undefined) return null;
  const members = () => <LongList name="members" items={changes} draw={(change) => <Member change={change} isOfDraft={isOfDraft} />} />;
  return (
    <>
      <Turn was={ending(first.was)} now={ending(first.now)} isDetails={first.changes === "details"} />
      {changes.length > 1 && <p class="size">{sizeInWords(changes)}</p>}
      {changes.length === 1 && <Member change={first} isOfDraft={isOfDraft} />}
      {changes.length > 1 && (changes.length <= MOST_OPEN ? members() : <Fold summary={`All ${changes.length.toLocaleString("en-US")} changes`}>{members}</Fold>)}
    </>
  );
}

interface TurnProps {
  was: ComponentChildren;
  now: ComponentChildren;
  isDetails: boolean;
  /** Whether nobody answers now. */
  isEnd?: boolean;
}

export function Turn({ was, now, isDetails, isEnd = false }: TurnProps) {
  return (
    <p class="turn">
      <del>{was}</del> <span aria-hidden="true">→</span> <ins class={isEnd ? "ends" : undefined}>{now}</ins>
      {isDetails && <span class="hint"> (what they are told changes)</span>}
    </p>
  );
}

function Member({ change, isOfDraft }: { change: Change; isOfDraft: boolean }) {
  const { witness } = change;
  return (
    <>
      <ul>
        {change.calls.map((calls, index) => (
          <li key={index}>{calls.text}</li>
        ))}
        {change.has_more_calls && <li class="hint">and more</li>}
      </ul>
      <p class="hint">{ruleTurn(change)}</p>
      {witness !== null && isOfDraft && (
        <button
          type="button"
          onClick={() => {
            tryCall(witness.call, witness.call.switches);
            go("plan", "try");
          }}
        >
          Try one of them
        </button>
      )}
    </>
  );
}

function ruleTurn({ was, now }: Change): string {
  const named = (rule: string | null) => (rule === null ? "no rule" : `rule “${rule}”`);
  return was.rule === now.rule ? `by ${named(now.rule)}` : `by ${named(was.rule)} before, ${named(now.rule)} now`;
}
