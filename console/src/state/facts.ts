/**
 * Facts that a plan's lines say by themselves, for forms: its zone, its switches, its names of agents, whether it uses the fallback agent. All else that a plan means is
 * asked of the service.
 */

export function zoneOf(plan: string): string {
  const named = /^\s*timezone\s+([\w/+-]+)/m.exec(plan)?.[1];
  return named !== undefined && isZone(named) ? named : "UTC";
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function switchesOf(plan: string): string[] {
  return [...plan.matchAll(/^\s*switch\s+([A-Za-z_]\w*)/gm)].map((found) => found[1] ?? "");
}

/** The attributes that a plan names, with what calls name each. */
export function attributesOf(plan: string): { name: string; header: string }[] {
  return [...plan.matchAll(/^\s*attribute\s+([a-z_]\w*)\s*=\s*"([^"\\]*)"/gm)].map(([, name, header]) => ({ name: name ?? "", header: header ?? "" }));
}

/** What an agent is called in a plan; its id, as a plan may name it too, where it has no name. */
export function agentIn(plan: string, id: string): string {
  const named = [...plan.matchAll(/^\s*agent\s+(\w+)\s*=\s*"([^"]*)"/gm)].find((found) => found[2] === id);
  return named?.[1] ?? `"${id}"`;
}

/** Whether a line sends calls to the fallback agent. What an example expects, a comment or a text does not. */
export function leavesCalls(plan: string): boolean {
  const words = plan.replaceAll(/"(?:\\.|[^"\\\n])*"|#.*/g, " ");
  return /\bfallback\b/.test(words.replaceAll(/\bexpect\s+fallback\b/g, " "));
}
