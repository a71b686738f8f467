/** The problems of the draft as a list, each with its fixes. */

import type { Diagnostic, Fix } from "../api/contract.ts";
import { mayWrite } from "../api/session.ts";
import { desk } from "../editor/desk.ts";
import { rangeOf } from "../editor/places.ts";
import { changesOf, fixLabel } from "../editor/problems.ts";
import { Words } from "../parts/code.tsx";
import { Explanation } from "../parts/explanation.tsx";
import { keysOf } from "../parts/keys.ts";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { checking, isCurrent, problems, unlisted } from "../state/check.ts";
import { everyCall } from "../state/ends.ts";
import { isBlank } from "../state/plan.ts";
import { hrefOf } from "../state/route.ts";
import { NoText } from "./unready.tsx";

/** A list of thousands helps nobody, and takes long to draw. */
const MOST_LISTED = 200;

export function Problems() {
  const { answer, failure } = checking;
  if (isBlank.value) return <NoText then="its problems are listed here" />;
  if (failure.value !== null) return <Failed error={failure.value} />;
  if (answer.value === null) return <Waiting what="Checking…" />;
  if (problems.value.length === 0) {
    return (
      <Empty title="No problems">
        <p>{everyCall.value}. Every example passes, and every proof holds.</p>
      </Empty>
    );
  }
  const more = Math.max(problems.value.length - MOST_LISTED, 0) + unlisted.value;
  return (
    <>
      <p class="hint">
        <kbd>F8</kbd> in the editor goes from one to the next
        {mayWrite.value && (
          <>
            ; <kbd>{keysOf("Mod .")}</kbd> applies the fix. A <em>suggestion</em> chooses between readings: is it what you mean?
          </>
        )}
      </p>
      <ol class="problems" aria-busy={!isCurrent.value}>
        {problems.value.slice(0, MOST_LISTED).map((problem, index) => (
          <ProblemItem key={`${index} ${problem.code}`} problem={problem} />
        ))}
      </ol>
      {more > 0 && <p class="hint">And {more} more.</p>}
    </>
  );
}

function ProblemItem({ problem }: { problem: Diagnostic }) {
  return (
    <li class={`is-${problem.severity}`}>
      <button type="button" class="place" onClick={() => goTo(problem)}>
        <span class="severity">{problem.severity}</span> line {problem.line}
      </button>
      <p>
        <Words text={problem.message} />
      </p>
      {problem.notes.map((note, index) => (
        <p class="hint" key={index}>
          {note.line !== null && `line ${note.line}: `}
          <Words text={note.message} />
        </p>
      ))}
      {problem.help !== null && problem.fixes.length === 0 && (
        <p class="hint">
          <Words text={problem.help} />
        </p>
      )}
      {mayWrite.value && (
        <p class="fixes">
          {problem.fixes.map((fix) => (
            <button key={fix.title} type="button" disabled={!isCurrent.value} onClick={() => apply(problem, fix)}>
              {fixLabel(fix)}
            </button>
          ))}
        </p>
      )}
      {mayWrite.value && problem.code === "nobody-answers" && (
        <p>
          <a href={hrefOf("plan", "settings")}>Choose a fallback agent</a>
        </p>
      )}
      <Explanation code={problem.code} />
    </li>
  );
}

function goTo(problem: Diagnostic): void {
  const { from, to } = rangeOf(desk.current.doc, problem);
  desk.goTo(from, to);
}

/** The fix's bytes are those of the text that was checked. */
function apply(problem: Diagnostic, fix: Fix): void {
  const checked = checking.answer.peek()?.text;
  if (checked === undefined || checked !== desk.current.doc.toString()) return;
  desk.dispatch({ changes: changesOf(checked, fix), userEvent: "input.fix" });
  desk.goTo(rangeOf(desk.current.doc, problem).from);
}
