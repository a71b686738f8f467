/** The organization's numbers, and whose they are where no plan decides. */

import type { PhoneNumber } from "../api/contract.ts";
import { useAsked } from "../parts/asked.ts";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { type Column, SheetTable } from "../parts/sheet-table.tsx";
import { needNumbers, numbers } from "../state/numbers.ts";
import { ownerOf } from "../state/owners.ts";
import { hrefOf } from "../state/route.ts";
import { ClockNote, When } from "../parts/time.tsx";

export function Numbers() {
  const { failure, again } = useAsked(needNumbers, []);
  return (
    <>
      <header class="sheet-head">
        <h1>Numbers</h1>
        <p class="lead">What callers dial. The plan decides; where none is in force, the number’s own agent answers.</p>
      </header>
      <ClockNote />
      {failure !== null && <Failed error={failure} onRetry={again} />}
      {numbers.value === null && failure === null && <Waiting what="Reading the numbers…" />}
      {numbers.value?.length === 0 && <Empty title="No numbers yet">{<p>A plan decides calls to any number; one that is registered can have an agent of its own.</p>}</Empty>}
      {numbers.value !== null && numbers.value.length > 0 && <SheetTable label="Numbers" items={numbers.value} columns={COLUMNS} keyOf={(number) => number.phone_number} />}
    </>
  );
}

const COLUMNS: Column<PhoneNumber>[] = [
  { title: "Number", text: (number) => number.phone_number, cell: (number) => <span class="figures">{number.phone_number}</span> },
  { title: "Trunk", text: (number) => number.trunk_id ?? "", cell: (number) => number.trunk_id },
  { title: "Own agent", text: ownerInWords, cell: (number) => <Own number={number} /> },
  { title: "Registered", isInstant: true, text: (number) => number.created_at, cell: (number) => <When instant={number.created_at} isLong /> },
];

function ownerInWords(number: PhoneNumber): string {
  const owner = ownerOf(number);
  return owner === null ? "none" : `${owner.name} v${owner.version}`;
}

function Own({ number }: { number: PhoneNumber }) {
  const owner = ownerOf(number);
  return owner === null ? <span class="hint">none</span> : <a href={hrefOf("agents", owner.agent)}>{ownerInWords(number)}</a>;
}
