/** Whose version answers a number where no plan decides. The service names the version; its agent is looked for. */

import type { PhoneNumber, Uuid } from "../api/contract.ts";
import { versions } from "../api/endpoints.ts";
import { agents } from "./names.ts";

export interface Owner {
  agent: Uuid;
  name: string;
  version: number;
}

export async function ownerOf(number: PhoneNumber): Promise<Owner | null> {
  const id = number.inbound_agent_version_id;
  if (id === null) return null;
  for (const agent of agents.peek() ?? []) {
    const found = (await versions(agent.id)).find((version) => version.id === id);
    if (found !== undefined) return { agent: agent.id, name: agent.name, version: found.version };
  }
  return null;
}
