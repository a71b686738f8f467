/** The plan: its text at the left, and beside it what the text does. */

import { useEffect } from "preact/hooks";
import { DraftEditor } from "./draft-editor.tsx";
import { Waiting } from "../parts/notice.tsx";
import { focusEditor } from "../state/focus.ts";
import { isBlank, saved } from "../state/plan.ts";
import { PlanHead } from "./plan-head.tsx";
import { FirstPlan } from "./first-plan.tsx";
import { SidePanel } from "./side-panel.tsx";

export function Plan() {
  useEffect(() => {
    addEventListener("keydown", focusEditor);
    return () => removeEventListener("keydown", focusEditor);
  }, []);
  if (saved.value === undefined) return <Waiting what="Reading the plan…" />;
  return (
    <>
      <section class="writing" aria-label="The plan's text">
        <PlanHead />
        {saved.value === null && isBlank.value && <FirstPlan />}
        <DraftEditor />
      </section>
      <SidePanel />
    </>
  );
}
