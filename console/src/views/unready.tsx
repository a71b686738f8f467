/** Why nothing can be said of what the plan does yet: it has no text, it has errors, or its check goes on. */

import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { checking, errors } from "../state/check.ts";
import { isBlank } from "../state/plan.ts";

/** `then` is what will be here once there is a plan without errors. */
export function Unready({ then }: { then: string }) {
  if (isBlank.value) return <NoText then={then} />;
  if (errors.value.length > 0) return <Empty title="The plan has errors">{<p>Once it has none, {then}.</p>}</Empty>;
  if (checking.failure.value !== null) return <Failed error={checking.failure.value} />;
  return <Waiting what="Checking…" />;
}

export function NoText({ then }: { then: string }) {
  return <Empty title="The plan has no text">{<p>Once there is one, {then}.</p>}</Empty>;
}
