/** Whose version answers a number where no plan decides. */

import type { PhoneNumber, Uuid } from "../api/contract.ts";
import { agentName } from "./names.ts";

export interface Owner {
  agent: Uuid;
  name: string;
  version: number;
}

export function ownerOf({ inbound_agent_id: agent, inbound_agent_version: version }: PhoneNumber): Owner | null {
  return agent === null || version === null ? null : { agent, name: agentName(agent), version };
}
