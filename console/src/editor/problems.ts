/** The service's diagnostics, as the editor marks them: with their notes, help, and fixes that one click makes. */

import { type Action, type Diagnostic as Marked, setDiagnostics } from "@codemirror/lint";
import type { ChangeSpec, Text, TransactionSpec } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Diagnostic, Fix } from "../api/contract.ts";
import { mayWrite } from "../api/session.ts";
import { inCode } from "./in-code.ts";
import { offsetsOfBytes, rangeOf } from "./places.ts";

/** So many are marked in the text: each is looked at after every key. The list says how many more there are. */
export const MOST_MARKED = 500;

/** The edits of a fix on the text that it was made for. */
export function changesOf(text: string, fix: Fix): ChangeSpec[] {
  const offsets = offsetsOfBytes(text, fix.edits.flatMap((edit) => [edit.start, edit.end]));
  const at = (byte: number) => offsets.get(byte) ?? 0;
  return fix.edits.map((edit) => ({ from: at(edit.start), to: at(edit.end), insert: edit.text }));
}

/** Marks problems that were found in this text, which is the editor's. */
export function marks(doc: Text, problems: readonly Diagnostic[]): (state: EditorView["state"]) => TransactionSpec {
  const shown = problems.slice(0, MOST_MARKED).map((problem) => mark(doc, problem));
  return (state) => setDiagnostics(state, shown);
}

function mark(doc: Text, problem: Diagnostic): Marked {
  const { from, to } = rangeOf(doc, problem);
  return {
    from,
    // A mark needs something to stand under.
    to: to === from ? Math.min(to + 1, doc.length) : to,
    severity: problem.severity,
    source: problem.code,
    message: problem.message,
    renderMessage: () => explained(problem),
    actions: mayWrite.peek() ? problem.fixes.map((fix) => action(doc, fix)) : [],
  };
}

function action(doc: Text, fix: Fix): Action {
  return {
    name: fixLabel(fix),
    apply(view) {
      // After another key the bytes are others; the next check, a moment later, offers the fix anew.
      if (view.state.doc.eq(doc)) view.dispatch({ changes: changesOf(doc.toString(), fix), userEvent: "input.fix" });
    },
  };
}

/** What a button says: how far the fix may be trusted, and what it does. */
export function fixLabel(fix: Fix): string {
  const title = fix.title.replaceAll("`", "");
  return fix.grade === "safe" ? `Fix: ${title}` : `Suggestion: ${title}`;
}

/** The message, what explains it and the next step, each a line. */
function explained(problem: Diagnostic): HTMLElement {
  const whole = document.createElement("div");
  const add = (className: string, text: string) => {
    const line = document.createElement("div");
    line.className = className;
    line.append(...inCode(text));
    whole.append(line);
  };
  add("cm-problem-message", problem.message);
  for (const note of problem.notes) {
    add("cm-problem-note", note.line === null ? note.message : `line ${note.line}: ${note.message}`);
  }
  if (problem.help !== null && problem.fixes.length === 0) add("cm-problem-help", problem.help);
  return whole;
}
