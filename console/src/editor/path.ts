/**
 * The way of a call through the plan, drawn into the text: which conditions held, the test that failed first in those
 * that did not, and the statement that decided. Also what says it beside the text, as data.
 */

import { type ChangeDesc, ChangeSet, type Extension, type Range, RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate, WidgetType } from "@codemirror/view";
import type { TraceStep } from "../api/contract.ts";

/** How a line fared. */
type Fate = "missed" | "held" | "done" | "decided";

interface LineFate {
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

/** A way, by the lines of the text that it is of, and what has become of that text since. */
interface DrawnWay {
  text: Text;
  steps: Map<number, TraceStep[]>;
  last: TraceStep | undefined;
  since: ChangeDesc;
}

function drawnWay(text: Text, steps: readonly TraceStep[]): DrawnWay {
  const byLine = new Map<number, TraceStep[]>();
  for (const step of steps) {
    const ofLine = byLine.get(step.line);
    if (ofLine === undefined) byLine.set(step.line, [step]);
    else ofLine.push(step);
  }
  return { text, steps: byLine, last: steps.at(-1), since: ChangeSet.empty(text.length).desc };
}

const RANK: Fate[] = ["done", "held", "missed", "decided"];

/** A line says the most telling of its steps: short rules stand on one. */
function fateOf(steps: readonly TraceStep[], last: TraceStep | undefined): LineFate {
  return steps.reduce<LineFate>(
    (before, step) => {
      const isDecision = step === last && step.held !== false;
      const fate: Fate = isDecision ? "decided" : step.held === null ? "done" : step.held ? "held" : "missed";
      const keeps = RANK.indexOf(before.fate) > RANK.indexOf(fate);
      return { fate: keeps ? before.fate : fate, because: factOf(step) ?? before.because };
    },
    { fate: "done", because: null },
  );
}

/** What settled a step. A test that is all of the condition stands in the line already. */
function factOf({ statement, because }: TraceStep): string | null {
  const [, test, fact] = /^`(.*)`: (.*)$/s.exec(because ?? "") ?? [];
  const isWhole = test !== undefined && statement.endsWith(`when ${test}`);
  return plain((isWhole ? fact : because) ?? "") || null;
}

/** Draws the lines that are seen. A way through thousands of rules has as many lines. */
function decorations({ state, visibleRanges }: EditorView): DecorationSet {
  const way = state.field(drawing);
  if (way === null) return Decoration.none;
  const back = way.since.invertedDesc;
  const drawn: Range<Decoration>[] = [];
  for (const seen of visibleRanges) {
    for (let at = seen.from; at <= seen.to; ) {
      const { from, to } = state.doc.lineAt(at);
      const old = way.text.lineAt(back.mapPos(from, 1));
      const steps = way.steps.get(old.number);
      // A line that was put before it is not the line.
      const now = way.since.mapPos(old.from, 1);
      if (steps !== undefined && from <= now && now <= to) drawn.push(...drawnLine(fateOf(steps, way.last), from, to));
      at = to + 1;
    }
  }
  return RangeSet.of(drawn, true);
}

function drawnLine({ fate, because }: LineFate, from: number, to: number): Range<Decoration>[] {
  const line = Decoration.line({ class: `cm-path cm-path-${fate}` }).range(from);
  return because === null ? [line] : [line, Decoration.widget({ widget: new Because(fate, because), side: 1 }).range(to)];
}

/** Backquotes are for texts without fonts. */
const plain = (words: string) => words.replaceAll("`", "");

const drawing = StateField.define<DrawnWay | null>({
  create: () => null,
  update(way, transaction) {
    const effect = transaction.effects.find((it) => it.is(showPath));
    if (effect?.is(showPath)) return effect.value === null ? null : drawnWay(transaction.state.doc, effect.value);
    return way === null || !transaction.docChanged ? way : { ...way, since: way.since.composeDesc(transaction.changes.desc) };
  },
});

const painter = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorations(view);
    }

    update({ view, state, startState, docChanged, viewportChanged }: ViewUpdate): void {
      if (docChanged || viewportChanged || state.field(drawing) !== startState.field(drawing)) this.decorations = decorations(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const path = (): Extension => [drawing, painter];
