/**
 * Two facts that a plan's lines say by themselves, for forms: its zone and its switches. All else that a plan means is
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
