/** What is large, for tests and figures: plans of thousands of rules, hundreds of agents and numbers. */

import type { Server } from "./server.ts";

export interface Named {
  id: string;
  name: string;
}

export async function agentsOf(server: Server): Promise<Named[]> {
  return (await server.ask<{ items: Named[] }>("GET", "/core/agents?limit=100")).items;
}

/** The number of the rule with this index. */
export const ruleNumber = (index: number) => `+1802${5_650_000 + index}`;

/** A plan with this many rules, each for a caller of its own; the last one takes the others. */
export function planOfRules(rules: number, desk: string, others = desk): string {
  const head = `timezone America/New_York\n# Mount Alder\nagent desk = "${desk}"\nagent others = "${others}"\n`;
  const rule = (index: number) => `rule "Line ${index}" when caller is ${ruleNumber(index)} { route to desk }`;
  return `${head}${Array.from({ length: rules }, (_, index) => rule(index)).join("\n")}\nrule "Others" { route to others }\n`;
}

/** Does something for each, a few at a time. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += 10) await Promise.all(items.slice(at, at + 10).map(work));
}

/** Makes agents, each with a published version and a number of its own. */
export async function makeAgents(server: Server, names: readonly string[]): Promise<Named[]> {
  const made: Named[] = [];
  await forEach(names, async (name) => {
    const agent = await server.ask<Named>("POST", "/core/agents", { name });
    const number = numberAt(made.push(agent));
    await server.ask("POST", `/core/agents/${agent.id}/versions`, {});
    await server.ask("POST", "/core/phone-numbers", { phone_number: number, trunk_id: "trunk-a" });
    await server.ask("POST", `/core/agents/${agent.id}/versions/1/publish`, { phone_numbers: [number] });
  });
  return made;
}

export const numberAt = (index: number) => `+1415${5_550_000 + index}`;
