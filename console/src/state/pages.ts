/** The pages, and the scope that each needs: where a key may not go, nothing leads. */

import { computed } from "@preact/signals";
import { may } from "../api/session.ts";

interface Page {
  title: string;
  scope: string;
}

const READ_PLAN = "inbound_routing_configs:read";

/** Those that the head of the page leads to, in its order. */
const PAGES = {
  plan: { title: "Plan", scope: READ_PLAN },
  calls: { title: "Calls", scope: "inbound_calls:read" },
  history: { title: "History", scope: READ_PLAN },
  switches: { title: "Switches", scope: READ_PLAN },
  agents: { title: "Agents", scope: "agents:read" },
  numbers: { title: "Numbers", scope: "phone_numbers:read" },
} satisfies Record<string, Page>;

/** Others, to which something within a page leads. */
const FURTHER: Record<string, Page> = { drafts: { title: "Drafts", scope: "inbound_routing_configs:manage" } };

const all: Record<string, Page> = { ...PAGES, ...FURTHER };

export const titleOf = (name: string) => all[name]?.title ?? "callplan";
/** The scope that a page needs. An address that is no page's leads to the plan. */
export const scopeOf = (name: string) => all[name]?.scope ?? READ_PLAN;

export const openPages = computed(() => Object.entries(PAGES).filter(([, { scope }]) => may(scope)));
/** Where one is to begin with. */
export const firstPage = computed(() => openPages.value[0]?.[0] ?? "plan");
