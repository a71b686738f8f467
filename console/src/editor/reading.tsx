/** A plan to be read, with a call's way through it. */

import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import type { TraceStep } from "../api/contract.ts";
import { oneKindOfLine } from "./desk.ts";
import { showPath } from "./path.ts";
import { readingExtensions } from "./setup.ts";
import { shadowOf } from "./shadow.ts";

interface Props {
  label: string;
  text: string;
  trace?: TraceStep[] | null;
}

export function Reading({ label, text, trace = null }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const parent = shadowOf(place.current);
    const state = EditorState.create({ doc: oneKindOfLine(text), extensions: readingExtensions(label) });
    const view = new EditorView({ state, parent, root: parent });
    show(view, trace);
    return () => view.destroy();
  }, [label, text, trace]);
  return <div class="editor reading" ref={place} />;
}

/** Draws the way, and brings its end into sight. */
function show(view: EditorView, trace: TraceStep[] | null): void {
  const last = trace?.at(-1);
  const effects = [showPath.of(trace)];
  const line = last && last.line <= view.state.doc.lines ? view.state.doc.line(last.line) : null;
  view.dispatch({ effects: line ? [...effects, EditorView.scrollIntoView(line.from, { y: "center" })] : effects });
}
