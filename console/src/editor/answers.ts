/** What the service knows of the place where one writes or points: completions, and what a name means. */

import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { type EditorView, hoverTooltip, type Tooltip, tooltips } from "@codemirror/view";
import { complete, hover } from "../api/endpoints.ts";
import { inCode } from "./in-code.ts";
import { placeOf, rangeOf } from "./places.ts";

const HOVER_MS = 250;

async function completions(context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w.]*$/);
  if (!context.explicit && (word === null || word.from === word.to) && !/[ .({[]$/.test(before(context))) return null;
  const { doc } = context.state;
  const asking = new AbortController();
  context.addEventListener("abort", () => asking.abort());
  try {
    const found = await complete(doc.toString(), placeOf(doc, context.pos), asking.signal);
    const { from, to } = rangeOf(doc, found);
    return { from, to, options: found.items.map(option), validFor: /^[\w]*$/ };
  } catch {
    // Whoever writes has no use for a failure here; the banner tells of a lost connection.
    return null;
  }
}

const before = (context: CompletionContext) => context.state.sliceDoc(Math.max(context.pos - 1, 0), context.pos);

function option(item: { label: string; kind: string; detail: string | null; insert: string }, index: number): Completion {
  const option: Completion = {
    label: item.label,
    apply: item.insert,
    type: item.kind,
    // The service's order is the likeliest first.
    boost: Math.max(99 - index, -99),
  };
  if (item.detail !== null) option.detail = item.detail;
  return option;
}

async function meaning(view: EditorView, position: number): Promise<Tooltip | null> {
  const { doc } = view.state;
  try {
    const found = await hover(doc.toString(), placeOf(doc, position));
    if (found === null || !view.state.doc.eq(doc)) return null;
    const { from, to } = rangeOf(doc, found);
    return { pos: from, end: to, above: true, create: () => ({ dom: card(found.title, found.text) }) };
  } catch {
    return null;
  }
}

function card(title: string, text: string): HTMLElement {
  const whole = document.createElement("div");
  whole.className = "cm-meaning";
  const head = document.createElement("strong");
  head.append(...inCode(title));
  const body = document.createElement("div");
  body.append(...inCode(text));
  whole.append(head, body);
  return whole;
}

/** What an option is, in the language's own word, at the end of its line. */
function kindOf({ type }: Completion): HTMLElement {
  const kind = document.createElement("span");
  kind.className = "cm-completion-kind";
  kind.textContent = type ?? "";
  return kind;
}

/** Bubbles stay over the text: they cover neither the head of the page nor what stands below. */
function overText(view: EditorView): { top: number; left: number; bottom: number; right: number } {
  const { top, left, bottom } = view.dom.getBoundingClientRect();
  return { top: Math.max(top, 0), left, bottom: Math.min(bottom, innerHeight), right: innerWidth };
}

export const answers = () => [
  tooltips({ tooltipSpace: overText }),
  autocompletion({
    override: [completions],
    activateOnTypingDelay: 80,
    icons: false,
    addToOptions: [{ render: kindOf, position: 90 }],
  }),
  hoverTooltip(meaning, { hoverTime: HOVER_MS }),
];
