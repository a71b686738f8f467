/** The switches: on, off, until when. This takes effect with the next call. */

import { useState } from "preact/hooks";
import type { Switch } from "../api/contract.ts";
import { switches as listSwitches } from "../api/endpoints.ts";
import { useAsked } from "../parts/asked.ts";
import { MomentField } from "../parts/moment-field.tsx";
import { LongList } from "../parts/long-list.tsx";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { type Sorting, useSearched } from "../parts/searched.tsx";
import { ClockNote, When } from "../parts/time.tsx";
import { actorName } from "../state/names.ts";
import { mayTurnSwitches } from "../api/session.ts";
import { instantOf } from "../state/clock.ts";
import { clockZone } from "../state/plan-clock.ts";
import { saved } from "../state/plan.ts";
import { surroundings } from "../state/surroundings.ts";
import { type Act, LiveAct } from "./live-act.tsx";
import { turningSwitch } from "./turning-switch.ts";

export function Switches() {
  const hasPlan = saved.value !== null;
  const { answer, failure, again } = useAsked(async () => (hasPlan ? (await listSwitches()).items : []), [hasPlan], [surroundings.value.stamp]);
  return (
    <>
      <header class="sheet-head">
        <h1>Switches</h1>
        <p class="lead">Turned on and off without editing the plan. A change takes effect with the next call.</p>
      </header>
      <ClockNote />
      {failure !== null && <Failed error={failure} onRetry={again} />}
      {answer === null && failure === null && <Waiting what="Reading the switches…" />}
      {answer?.length === 0 && (
        <Empty title="The plan has no switches">
          <p>
            Write <code>switch storm</code> in the plan, and a rule <code>when storm is on</code>: here it is turned on then, without an edit.
          </p>
        </Empty>
      )}
      {answer !== null && <SwitchList items={answer} onSet={again} />}
    </>
  );
}

const SORTINGS: Sorting<Switch>[] = [
  { title: "Name", text: ({ name }) => name },
  { title: "On first", text: ({ on }) => (on ? "is on" : "not on") },
];

function SwitchList({ items, onSet }: { items: readonly Switch[]; onSet: () => void }) {
  const { shown, fields } = useSearched(items, SORTINGS, { label: "Switches", unsorted: "the plan’s order", isHeadless: true });
  return (
    <>
      {fields}
      <LongList name="switches" items={shown} nameOf={(item) => (item.on ? "on" : undefined)} draw={(item) => <SwitchItem key={item.name} item={item} onSet={onSet} />} />
    </>
  );
}

function SwitchItem({ item, onSet }: { item: Switch; onSet: () => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const [until, setUntil] = useState("");
  // A field that is new is empty.
  const [round, setRound] = useState(0);

  function turn(on: boolean, end: string): void {
    setAct(turningSwitch(item, on, end === "" ? undefined : instantOf(end, clockZone.peek()), onSet));
  }

  function close(): void {
    setAct(null);
    setUntil("");
    setRound(round + 1);
  }

  return (
    <>
      <div class="switch-line">
        {mayTurnSwitches.value && (
          <button type="button" role="switch" class="switch" aria-checked={item.on} aria-label={item.name} onClick={() => turn(!item.on, item.on ? "" : until)}>
            <span aria-hidden="true" />
          </button>
        )}
        <div>
          <strong class="switch-name">{item.name}</strong>
          <p class="hint">
            <State item={item} />
          </p>
        </div>
      </div>
      {mayTurnSwitches.value && <UntilForm {...{ item, until, setUntil, round }} onTurn={() => turn(true, until)} />}
      {act !== null && <LiveAct act={act} onClose={close} />}
    </>
  );
}

interface UntilProps {
  item: Switch;
  until: string;
  setUntil: (until: string) => void;
  round: number;
  onTurn: () => void;
}

function UntilForm({ item, until, setUntil, round, onTurn }: UntilProps) {
  function submit(event: Event): void {
    event.preventDefault();
    onTurn();
  }
  return (
    <form class="until" onSubmit={submit} aria-label={`${item.name} until`}>
      <MomentField key={round} label="Turn off automatically at" onInput={setUntil} />
      <button type="submit" disabled={until === ""}>
        {item.on ? "Set the end" : "Turn on until then"}
      </button>
    </form>
  );
}

function State({ item }: { item: Switch }) {
  return (
    <>
      {item.on ? "On" : "Off"}
      {item.until !== null && (
        <>
          {" until "}
          <When instant={item.until} isLong />
        </>
      )}
      {item.set_at !== null && item.set_by !== null && (
        <>
          {" · set by "}
          {actorName(item.set_by)}, <When instant={item.set_at} />
        </>
      )}
    </>
  );
}
