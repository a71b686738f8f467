/** The log of calls: filtered, a page after the other, the newest first. */

import { useState } from "preact/hooks";
import type { CallFilter, CallRecord } from "../api/contract.ts";
import { calls as listCalls } from "../api/endpoints.ts";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { usePaged } from "../parts/paged.ts";
import { type Row, Table } from "../parts/table.tsx";
import { ClockNote, When } from "../parts/time.tsx";
import { go, hrefOf } from "../state/route.ts";
import { CallFilters } from "./call-filters.tsx";
import { Outcome } from "./outcome.tsx";

export function Calls() {
  const [filter, setFilter] = useState<CallFilter>({});
  const { items, failure, again, more } = usePaged((cursor) => listCalls(filter, cursor), [filter]);
  return (
    <>
      <header class="sheet-head">
        <h1>Calls</h1>
        <p class="lead">What became of each call, and why.</p>
        <button type="button" onClick={again}>
          Refresh
        </button>
      </header>
      <ClockNote />
      <CallFilters onFilter={setFilter} />
      {failure !== null && <Failed error={failure} onRetry={again} />}
      {items === null && failure === null && <Waiting what="Reading the log…" />}
      {items !== null && <CallTable records={items} isFiltered={Object.keys(filter).length > 0} onMore={more} />}
    </>
  );
}

interface TableProps {
  records: CallRecord[];
  isFiltered: boolean;
  onMore: (() => Promise<void>) | null;
}

function CallTable({ records, isFiltered, onMore }: TableProps) {
  if (records.length === 0) {
    return (
      <Empty title="No calls">
        <p>{isFiltered ? "No calls match this filter." : "A call is listed within a second of being decided."}</p>
      </Empty>
    );
  }
  return (
    <>
      <Table label="Calls" columns={["When", "Caller", "Dialed", "Went to", "Rule"]} rows={records.map(row)} />
      {onMore !== null && (
        <button type="button" onClick={() => void onMore()}>
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
