/** The plan: its text at the left, and beside it what the text does. */

import { DraftEditor } from "../editor/draft-editor.tsx";
import { Waiting } from "../parts/notice.tsx";
import { saved, text } from "../state/plan.ts";
import { PlanHead } from "./plan-head.tsx";
import { FirstPlan } from "./first-plan.tsx";
import { SidePanel } from "./side-panel.tsx";

export function Plan() {
  if (saved.value === undefined) return <Waiting what="Reading the plan…" />;
  const isBlank = saved.value === null && text.value.trim() === "";
  return (
    <>
      <section class="writing" aria-label="The plan's text">
        <PlanHead />
        {isBlank && <FirstPlan />}
        <DraftEditor />
      </section>
      <SidePanel />
    </>
  );
}
