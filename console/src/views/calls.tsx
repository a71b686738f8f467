/** The log of calls: filtered, a page after the other, the newest first. */

import { useState } from "preact/hooks";
import type { CallFilter, CallRecord } from "../api/contract.ts";
import { calls as listCalls } from "../api/endpoints.ts";
import { inWords } from "../api/failure.ts";
import { useAsked } from "../parts/asked.ts";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { type Row, Table } from "../parts/table.tsx";
import { ClockNote, When } from "../parts/time.tsx";
import { go, hrefOf } from "../state/route.ts";
import { say } from "../state/said.ts";
import { CallFilters } from "./call-filters.tsx";
import { Outcome } from "./outcome.tsx";

export function Calls() {
  const [filter, setFilter] = useState<CallFilter>({});
  const first = useAsked(() => listCalls(filter), [filter]);
  return (
    <>
      <header class="sheet-head">
        <h1>Calls</h1>
        <p class="lead">What became of each call, and why.</p>
        <button type="button" onClick={first.again}>
          Refresh
        </button>
      </header>
      <ClockNote />
      <CallFilters onFilter={setFilter} />
      {first.failure !== null && <Failed error={first.failure} onRetry={first.again} />}
      {first.answer === null && first.failure === null && <Waiting what="Reading the log…" />}
      {first.answer !== null && <CallTable key={JSON.stringify(filter)} filter={filter} first={first.answer} />}
    </>
  );
}

interface TableProps {
  filter: CallFilter;
  first: { items: CallRecord[]; next_cursor: string | null };
}

function CallTable({ filter, first }: TableProps) {
  const [further, setFurther] = useState<CallRecord[]>([]);
  const [cursor, setCursor] = useState<string | null | undefined>(undefined);
  const next = cursor === undefined ? first.next_cursor : cursor;
  const records = [...first.items, ...further];

  async function more(): Promise<void> {
    try {
      const page = await listCalls(filter, next);
      setFurther([...further, ...page.items]);
      setCursor(page.next_cursor);
    } catch (error) {
      say(inWords(error));
    }
  }

  if (records.length === 0) {
    return (
      <Empty title="No calls">
        <p>{Object.keys(filter).length > 0 ? "No calls match this filter." : "A call is listed within a second of being decided."}</p>
      </Empty>
    );
  }
  return (
    <>
      <Table label="Calls" columns={["When", "Caller", "Dialed", "Went to", "Rule"]} rows={records.map(row)} />
      {next !== null && (
        <button type="button" onClick={() => void more()}>
          Earlier calls
        </button>
      )}
    </>
  );
}

/** A call is in the log a moment after it was decided. Where it is later, the decision was for another time. */
const USUAL_MS = 2000;

/** The time that the decision was made for; and when the log took it, where that is another. */
function CallTime({ record: { id, call, created_at } }: { record: CallRecord }) {
  const isOther = Math.abs(Date.parse(created_at) - Date.parse(call.timestamp)) > USUAL_MS;
  return (
    <div>
      <a href={hrefOf("calls", id)}>
        <When instant={call.timestamp} isLong hasSeconds />
      </a>
      {isOther && (
        <p class="hint">
          logged <When instant={created_at} isLong hasSeconds />
        </p>
      )}
    </div>
  );
}

function row(record: CallRecord): Row {
  const { id, call, decision } = record;
  return {
    key: id,
    onOpen: () => go("calls", id),
    cells: [
      <CallTime record={record} />,
      <span class="figures">{call.caller_number ?? "withheld"}</span>,
      <span class="figures">{call.called_number}</span>,
      <Outcome decision={decision} />,
      decision.rule ?? <span class="hint">{decision.reason?.replaceAll("_", " ")}</span>,
    ],
  };
}
