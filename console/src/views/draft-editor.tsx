/** The editor of the draft, as a part of the page. */

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
    desk.open(shadowOf(place.current));
    return () => desk.close();
  }, []);
  useSignalEffect(markProblems);
  return <div class="editor" ref={place} />;
}

/** Marks what the newest check found, unless one has written on meanwhile. */
function markProblems(): void {
  const answer = checking.answer.value;
  const { doc } = desk.current;
  if (answer === null) return void desk.dispatch(marks(doc, [])(desk.current));
  if (answer.text === doc.toString()) desk.dispatch(marks(doc, answer.diagnostics)(desk.current));
}
