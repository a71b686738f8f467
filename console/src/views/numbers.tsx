/** The organization's numbers, and whose they are where no plan decides. */

import type { PhoneNumber } from "../api/contract.ts";
import { phoneNumbers, versions } from "../api/endpoints.ts";
import { useAsked } from "../parts/asked.ts";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { agents } from "../state/names.ts";
import { hrefOf } from "../state/route.ts";
import { may } from "../api/session.ts";
import { Table } from "../parts/table.tsx";
import { When } from "../parts/time.tsx";

interface Known {
  numbers: PhoneNumber[];
  /** Whose version it is, by the version's id. */
  owners: Map<string, { agent: string; name: string; version: number }>;
}

async function read(): Promise<Known> {
  const numbers = await phoneNumbers();
  const owners: Known["owners"] = new Map();
  for (const agent of may("agents:read") ? (agents.peek() ?? []) : []) {
    for (const version of await versions(agent.id)) {
      owners.set(version.id, { agent: agent.id, name: agent.name, version: version.version });
    }
  }
  return { numbers, owners };
}

export function Numbers() {
  const { answer, failure, again } = useAsked(read, [agents.value]);
  return (
    <>
      <header class="sheet-head">
        <h1>Numbers</h1>
        <p class="lead">What callers dial. The plan decides; where none is in force, the number’s own agent answers.</p>
      </header>
      {failure !== null && <Failed error={failure} onRetry={again} />}
      {answer === null && failure === null && <Waiting what="Reading the numbers…" />}
      {answer?.numbers.length === 0 && <Empty title="No numbers yet">{<p>A plan decides calls to any number; one that is registered can have an agent of its own.</p>}</Empty>}
      {answer !== null && answer.numbers.length > 0 && <NumberTable {...answer} />}
    </>
  );
}

function NumberTable({ numbers, owners }: Known) {
  const rows = numbers.map((number) => {
    const owner = owners.get(number.inbound_agent_version_id ?? "");
    const own = owner === undefined ? <span class="hint">none</span> : <a href={hrefOf("agents", owner.agent)}>{`${owner.name} v${owner.version}`}</a>;
    const written = <span class="figures">{number.phone_number}</span>;
    return { key: number.phone_number, cells: [written, number.trunk_id, own, <When instant={number.created_at} isLong />] };
  });
  return <Table label="Numbers" columns={["Number", "Trunk", "Own agent", "Registered"]} rows={rows} />;
}
