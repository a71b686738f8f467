/** Turning a switch, as something that acts on the next call. */

import type { Switch } from "../api/contract.ts";
import { setSwitch } from "../api/endpoints.ts";
import { sayInstant } from "../state/clock.ts";
import { clockZone } from "../state/plan-clock.ts";
import type { Act } from "./live-act.tsx";

/** `again` reads the switches anew. */
export function turningSwitch(item: Switch, on: boolean, until: string | undefined, again: () => void): Act {
  const set = async (isOn: boolean, end: string | undefined) => {
    await setSwitch(item.name, isOn, end);
    again();
  };
  const end = on && until !== undefined ? ` until ${sayInstant(until, clockZone.peek())} in ${clockZone.peek()}` : "";
  const verb = item.on && on ? `Set the end of ${item.name}` : `Turn ${item.name} ${on ? "on" : "off"}`;
  return {
    title: verb,
    words: [`Rules that ask for ${item.name} see it ${on ? "on" : "off"} from the next call on${end}.`],
    effects: { switches: { [item.name]: on ? { on, until: until ?? null } : { on } } },
    run: () => set(on, until),
    done: `${item.name} is ${on ? "on" : "off"}. This takes effect with the next call.`,
    undo: () => set(item.on, item.on ? (item.until ?? undefined) : undefined),
  };
}
