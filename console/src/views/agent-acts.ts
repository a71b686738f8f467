/** What can be done with an agent that acts on the next call. */

import type { Agent, PhoneNumber } from "../api/contract.ts";
import { changeAgent, publish } from "../api/endpoints.ts";
import { ownerOf } from "../state/owners.ts";
import type { Act } from "./live-act.tsx";

/** Does something, and reads all that is shown anew. */
export type Work = (work: () => Promise<unknown>) => Promise<void>;

export function turningAgent({ id, name, active }: Agent, doing: Work): Act {
  const set = (isActive: boolean) => () => doing(() => changeAgent(id, { active: isActive }));
  const both = { effects: { agents: { [id]: { active: !active } } }, run: set(!active), undo: set(active) };
  if (active) {
    const words = [`${name} answers no calls any more: calls that a rule sends to it go to the fallback agent, and are cut off where there is none.`];
    return { ...both, title: "Deactivate", words, done: `${name} answers no calls any more.` };
  }
  return { ...both, title: "Activate", words: [`Calls that a rule sends to ${name} go to it again.`], done: `${name} is active.` };
}

interface Version {
  agent: Agent;
  version: number;
}

/** Gives a number to a version. Undoing gives it back to whose it was. */
export function assigning({ agent, version }: Version, number: PhoneNumber, doing: Work): Act {
  const written = number.phone_number;
  const owner = ownerOf(number);
  const was = owner === null ? "nobody" : `${owner.name} v${owner.version}`;
  const back = () => (owner === null ? publish(agent.id, version, { unassign_phone_numbers: [written] }) : publish(owner.agent, owner.version, { phone_numbers: [written] }));
  return {
    title: `Assign ${written}`,
    words: [`Where no plan decides, calls to ${written} go to ${agent.name} v${version}. Until now ${was} answers them.`],
    effects: { numbers: { [written]: { agent_id: agent.id, version } } },
    run: () => doing(() => publish(agent.id, version, { phone_numbers: [written] })),
    done: `${written} is answered by ${agent.name} v${version} where no plan decides.`,
    undo: () => doing(back),
  };
}

export function takingAway({ agent, version }: Version, number: string, doing: Work): Act {
  return {
    title: `Take ${number} away`,
    words: [`${agent.name} v${version} does not answer ${number} any more. Where no plan decides, its calls are cut off.`],
    effects: { numbers: { [number]: null } },
    run: () => doing(() => publish(agent.id, version, { unassign_phone_numbers: [number] })),
    done: `${number} has no agent of its own now.`,
    undo: () => doing(() => publish(agent.id, version, { phone_numbers: [number] })),
  };
}

/** Publishing: nothing takes it back. */
export function publishing({ agent, version }: Version, newest: number | null, doing: Work): Act {
  const instead = newest === null ? "" : ` instead of version ${newest}`;
  const words =
    newest === null || newest < version
      ? [`Calls that go to ${agent.name} without a pinned version go to version ${version} from now on${instead}: all callers at once.`]
      : [`Version ${newest} stays the newest: only calls that are pinned to version ${version} go to it.`];
  return {
    title: `Publish version ${version}`,
    words,
    effects: { agents: { [agent.id]: { publish: version } } },
    run: () => doing(() => publish(agent.id, version)),
    done: `Version ${version} is published.`,
    undo: null,
  };
}
