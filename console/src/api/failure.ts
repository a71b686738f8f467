/** What can go wrong with a request, as data, and in words for the page. */

import type { Diagnostic, FieldError, ProblemBody } from "./contract.ts";

/** The service answered, and the answer is no. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly errors: readonly FieldError[];
  readonly diagnostics: readonly Diagnostic[] | null;
  /** How many problems there are beyond those. */
  readonly more: number;

  constructor(status: number, body: Partial<ProblemBody>) {
    super(body.detail ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body.code ?? null;
    this.errors = body.errors ?? [];
    this.diagnostics = body.diagnostics ?? null;
    this.more = body.more ?? 0;
  }
}

/** Nobody answered. */
export class Unreachable extends Error {
  constructor() {
    super("The server cannot be reached.");
  }
}

/** The answer to a change was lost, and the server never got the change. */
export class NotMade extends Error {
  constructor() {
    super("The connection was lost before the change reached the server.");
  }
}

/** Whether somebody gave a request up: there is nothing to say then. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** Whether the service refused with this status. */
export function isRefused(error: unknown, status: number): error is Refused {
  return error instanceof Refused && error.status === status;
}

/** Whether the same request could go well: where a scope or a membership is missing, trying again cannot help. */
export const canTryAgain = (error: unknown) => !isRefused(error, 403);

/** A failure in a sentence. */
export function inWords(error: unknown): string {
  if (error instanceof Refused || error instanceof Unreachable || error instanceof NotMade) return error.message;
  return error instanceof Error ? `Something went wrong in this page: ${error.message}` : "Something went wrong in this page.";
}
