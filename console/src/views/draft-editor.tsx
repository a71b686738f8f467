/** The editor of the draft, as a part of the page. */

import type { Text } from "@codemirror/state";
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { checking } from "../state/check.ts";
import { desk } from "../editor/desk.ts";
import { marks } from "../editor/problems.ts";
import { shadowOf } from "../editor/shadow.ts";

export function DraftEditor() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    marked = null;
    desk.open(shadowOf(place.current));
    return () => desk.close();
  }, []);
  useSignalEffect(markProblems);
  return <div class="editor" ref={place} />;
}

/** What is marked, and in which text. */
let marked: { doc: Text; diagnostics: string } | null = null;

/**
 * Marks what the newest check found, unless one has written on meanwhile. The check is also asked again when agents
 * change. The same problems are not marked again then: a new mark can close the message that somebody reads.
 */
function markProblems(): void {
  const answer = checking.answer.value;
  const { doc } = desk.current;
  if (answer !== null && answer.text !== doc.toString()) return;
  const found = answer?.diagnostics ?? [];
  const diagnostics = JSON.stringify(found);
  if (marked?.doc === doc && marked.diagnostics === diagnostics) return;
  marked = { doc, diagnostics };
  desk.dispatch(marks(doc, found)(desk.current));
}
