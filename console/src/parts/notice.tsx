/** What the page has to say about itself: nothing is here yet, it is being asked, it went wrong. */

import type { ComponentChildren } from "preact";
import { canTryAgain, inWords, Unreachable } from "../api/failure.ts";
import { isConnected } from "../api/connection.ts";
import { Words } from "./code.tsx";

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function Waiting({ what }: { what: string }) {
  return (
    <p class="waiting" role="status">
      {what}
    </p>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  // The banner says it for all.
  if (error instanceof Unreachable && !isConnected.value) return null;
  return (
    <div class="failed" role="alert">
      <p>
        <Words text={inWords(error)} />
      </p>
      {onRetry && canTryAgain(error) && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
