/** What an organization sees that has no plan yet: one to begin with, made of its own agents. */

import { mayWrite } from "../api/session.ts";
import { desk } from "../editor/desk.ts";
import { Empty } from "../parts/notice.tsx";
import { agents } from "../state/names.ts";
import { hrefOf } from "../state/route.ts";
import type { Agent } from "../api/contract.ts";

export function FirstPlan() {
  const known = (agents.value ?? []).filter((agent) => agent.active);
  if (!mayWrite.value) return <Empty title="There is no plan yet">{<p>Until there is one, each number's own agent answers.</p>}</Empty>;
  return (
    <Empty title="There is no plan yet">
      {known.length > 0 ? (
        <p>Until there is one, each number's own agent answers. Write one below, or begin with this:</p>
      ) : (
        <p>
          Until there is one, each number's own agent answers. No agent could answer calls of a plan yet: they would be cut off. <a href={hrefOf("agents")}>Create an agent first</a>.
        </p>
      )}
      {known.length > 0 && (
        <button type="button" class="primary" onClick={() => desk.replace(beginning(known))}>
          Begin with office hours
        </button>
      )}
    </Empty>
  );
}

/** Office hours, with the first two agents. */
function beginning(agents: Agent[]): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [open, closed] = [agents[0], agents[1] ?? agents[0]];
  if (open === undefined || closed === undefined) return "";
  const defined = [["frontdesk", open] as const, ["afterhours", closed] as const];
  return [
    `timezone ${zone}`,
    "",
    ...defined.map(([name, agent]) => `agent ${name} = "${agent.id}"`),
    "",
    "schedule office { mon-fri 09:00-17:00 }",
    "",
    'rule "Office hours" when office is open { route to frontdesk }',
    "",
    'rule "After hours" { route to afterhours }',
    "",
  ].join("\n");
}
