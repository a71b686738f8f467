/** One way in which an edit changes what becomes of calls. */

import type { Change } from "../api/contract.ts";
import { go } from "../state/route.ts";
import { tryCall } from "../state/trial.ts";
import { ending } from "./outcome.tsx";

interface Props {
  change: Change;
  /** Whether `now` is the draft's: its witness can then be tried. */
  isOfDraft: boolean;
}

export function ChangeItem({ change, isOfDraft }: Props) {
  const { witness } = change;
  return (
    <li class="change">
      <p class="turn">
        <del>{ending(change.was)}</del> <span aria-hidden="true">→</span> <ins>{ending(change.now)}</ins>
        {change.changes === "details" && <span class="hint"> (what they are told changes)</span>}
      </p>
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
    </li>
  );
}

function ruleTurn({ was, now }: Change): string {
  const named = (rule: string | null) => (rule === null ? "no rule" : `rule “${rule}”`);
  return was.rule === now.rule ? `by ${named(now.rule)}` : `by ${named(was.rule)} before, ${named(now.rule)} now`;
}
