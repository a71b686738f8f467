/**
 * The way of a call through the plan, drawn into the text: which conditions held, the test that failed first in those
 * that did not, and the statement that decided. Also what says it beside the text, as data.
 */

import { type Extension, type Range, RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import type { TraceStep } from "../api/contract.ts";

/** How a line fared. */
type Fate = "missed" | "held" | "done" | "decided";

interface LineFate {
  line: number;
  fate: Fate;
  because: string | null;
}

/** Draws this way, or none. */
export const showPath = StateEffect.define<TraceStep[] | null>();

class Because extends WidgetType {
  readonly fate: Fate;
  readonly words: string;

  constructor(fate: Fate, words: string) {
    super();
    this.fate = fate;
    this.words = words;
  }

  override eq(other: Because): boolean {
    return other.fate === this.fate && other.words === this.words;
  }

  override toDOM(): HTMLElement {
    const note = document.createElement("span");
    note.className = `cm-because cm-because-${this.fate}`;
    note.textContent = this.words;
    return note;
  }
}

/** A line says the most telling of its steps: short rules stand on one. */
function lines(steps: readonly TraceStep[]): LineFate[] {
  const rank: Fate[] = ["done", "held", "missed", "decided"];
  const found = new Map<number, LineFate>();
  steps.forEach((step, index) => {
    const isLast = index === steps.length - 1 && step.held !== false;
    const fate: Fate = isLast ? "decided" : step.held === null ? "done" : step.held ? "held" : "missed";
    const before = found.get(step.line);
    const because = factOf(step) ?? before?.because ?? null;
    const keeps = before !== undefined && rank.indexOf(before.fate) > rank.indexOf(fate);
    found.set(step.line, { line: step.line, fate: keeps ? before.fate : fate, because });
  });
  return [...found.values()].sort((a, b) => a.line - b.line);
}

/** What settled a step. A test that is all of the condition stands in the line already. */
function factOf({ statement, because }: TraceStep): string | null {
  const [, test, fact] = /^`(.*)`: (.*)$/s.exec(because ?? "") ?? [];
  const isWhole = test !== undefined && statement.endsWith(`when ${test}`);
  return plain((isWhole ? fact : because) ?? "") || null;
}

function decorations(doc: Text, steps: readonly TraceStep[] | null): DecorationSet {
  if (steps === null) return RangeSet.empty;
  const drawn: Range<Decoration>[] = [];
  for (const { line, fate, because } of lines(steps).filter((it) => it.line <= doc.lines)) {
    const { from, to } = doc.line(line);
    drawn.push(Decoration.line({ class: `cm-path cm-path-${fate}` }).range(from));
    if (because !== null) drawn.push(Decoration.widget({ widget: new Because(fate, because), side: 1 }).range(to));
  }
  return RangeSet.of(drawn, true);
}

/** Backquotes are for texts without fonts. */
const plain = (words: string) => words.replaceAll("`", "");

const drawing = StateField.define<DecorationSet>({
  create: () => RangeSet.empty,
  update(drawn, transaction) {
    const effect = transaction.effects.find((it) => it.is(showPath));
    if (effect?.is(showPath)) return decorations(transaction.state.doc, effect.value);
    return drawn.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const path = (): Extension => drawing;
