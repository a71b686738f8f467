/** What the text does, a tab each. The arrow keys go from tab to tab, as readers of screens expect. */

import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useInSight } from "../parts/in-sight.ts";
import { isNarrow } from "../parts/narrow.ts";
import { problems } from "../state/check.ts";
import { isPanelSeen } from "../state/sight.ts";
import { go, type Panel, panel, panels } from "../state/route.ts";
import { Changes } from "./changes.tsx";
import { Problems } from "./problems.tsx";
import { Settings } from "./settings.tsx";
import { Try } from "./try.tsx";
import { Week } from "./week.tsx";

const TABS: Record<Panel, { title: string; view: ComponentType }> = {
  problems: { title: "Problems", view: Problems },
  try: { title: "Try a call", view: Try },
  week: { title: "The week", view: Week },
  changes: { title: "What changes", view: Changes },
  settings: { title: "Settings", view: Settings },
};

export function SidePanel() {
  const open = panel.value ?? "try";
  const { title, view: View } = TABS[open];
  const side = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    // Under the text, what was asked for may be out of sight.
    if (!isFirst.current && isNarrow()) side.current?.scrollIntoView();
    isFirst.current = false;
  }, [open]);
  useEffect(() => {
    // The lower part is where a phone has its keyboard.
    const follow = new IntersectionObserver((seen) => (isPanelSeen.value = seen.at(-1)?.isIntersecting === true), { rootMargin: "0px 0px -25% 0px" });
    if (content.current !== null) follow.observe(content.current);
    return () => {
      follow.disconnect();
      isPanelSeen.value = true;
    };
  }, []);
  return (
    <section class="side" aria-label="What the plan does" ref={side}>
      <Tabs open={open} />
      <div class="panel" role="tabpanel" id="panel" aria-label={title} tabIndex={-1} ref={content}>
        <View />
      </div>
    </section>
  );
}

function Tabs({ open }: { open: Panel }) {
  const shown = panels.value;
  const list = useRef<HTMLDivElement>(null);
  useInSight(list, "[aria-selected=true]", open);
  function step(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const next = shown[(shown.indexOf(open) + by + shown.length) % shown.length] ?? "try";
    event.preventDefault();
    go("plan", next);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  }
  return (
    <div class="tabs" role="tablist" aria-label="What the plan does" ref={list} onKeyDown={step}>
      {shown.map((name) => (
        <button key={name} type="button" role="tab" data-tab={name} aria-selected={name === open} aria-controls="panel" tabIndex={name === open ? 0 : -1} onClick={() => go("plan", name)}>
          {TABS[name].title}
          {name === "problems" && problems.value.length > 0 && <span class="badge">{problems.value.length}</span>}
        </button>
      ))}
    </div>
  );
}
