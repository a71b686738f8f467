/**
 * One request to the service. It is here that a key goes along, that a busy server is asked again, and that a lost
 * connection and a key that is no longer valid are noticed; whoever asks gets an answer, or one of `failure.ts`.
 */

import { lostConnection, madeContact } from "./connection.ts";
import { keyRefused, type Session, session } from "./session.ts";
import type { ProblemBody } from "./contract.ts";
import { Refused, Unreachable } from "./failure.ts";

/** A busy server is asked so often again, after its own `Retry-After` or this long. */
const TRIES = 8;
const WAIT_MS = 150;
/** How long an answer may take, to its last byte. The server's own limits are shorter: nothing comes any more then. */
const ANSWER_MS = 60_000;
/** A shorter body is sent as it is, in characters. */
const COMPRESSED_FROM = 16_384;

export interface Asked {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** The revision that must still be in force: `If-Match`. */
  ifRevision?: number | undefined;
  /** Only if it is another than this one: `If-None-Match`. */
  unlessRevision?: number | undefined;
  /** As whom: else as whoever is signed in when the request begins. */
  as?: Session | undefined;
}

/** Asks, and reads the answer; nothing where there is none (204, 304). */
export async function ask<T>(path: string, asked: Asked = {}): Promise<T> {
  // Known once: what is asked again must not go to an organization that one has changed to meanwhile.
  const as = asked.as ?? session.peek();
  for (let left = TRIES; ; left -= 1) {
    const { status, retryAfter, body } = await send(path, asked, as);
    if (status === 429 && left > 1) {
      await pause(retryAfter, asked.signal);
      continue;
    }
    if (status === 401) keyRefused(as);
    if (status >= 400) throw new Refused(status, problem(body));
    return (body === "" ? undefined : JSON.parse(body)) as T;
  }
}

/** An answer that has come as a whole. */
interface Answer {
  status: number;
  retryAfter: string | null;
  body: string;
}

async function send(path: string, asked: Asked, as: Session | null): Promise<Answer> {
  const own = headers(asked, as);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ANSWER_MS);
  const signal = asked.signal === undefined ? limit.signal : AbortSignal.any([asked.signal, limit.signal]);
  const init: RequestInit = { method: asked.method ?? "GET", headers: own, cache: "no-store", signal };
  try {
    if (asked.body !== undefined) Object.assign(init, await bodyOf(JSON.stringify(asked.body), own));
    const response = await fetch(path, init);
    const body = await response.text();
    madeContact();
    return { status: response.status, retryAfter: response.headers.get("retry-after"), body };
  } catch (error) {
    if (asked.signal?.aborted) throw error;
    lostConnection();
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
  }
}

/** A plan of thousands of rules is a megabyte, and goes up at each pause in typing: its like is compressed. */
async function bodyOf(text: string, headers: Record<string, string>): Promise<RequestInit> {
  if (text.length < COMPRESSED_FROM || typeof CompressionStream === "undefined") return { body: text };
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(packed).arrayBuffer(), headers: { ...headers, "content-encoding": "gzip" } };
}

function headers(asked: Asked, as: Session | null): Record<string, string> {
  const headers: Record<string, string> = {};
  if (as?.token) headers["authorization"] = `Bearer ${as.token}`;
  if (as?.organization) headers["x-anyreach-org"] = as.organization;
  if (asked.body !== undefined) headers["content-type"] = "application/json";
  if (asked.ifRevision !== undefined) headers["if-match"] = `"${asked.ifRevision}"`;
  if (asked.unlessRevision !== undefined) headers["if-none-match"] = `"${asked.unlessRevision}"`;
  return headers;
}

/** An error's own words. A proxy on the way may answer with something else than the service does. */
function problem(body: string): Partial<ProblemBody> {
  try {
    return JSON.parse(body) as ProblemBody;
  } catch {
    return {};
  }
}

function pause(retryAfter: string | null, signal: AbortSignal | undefined): Promise<void> {
  const seconds = Number(retryAfter);
  // A check is over in less than the whole second that the header can say.
  const wait = seconds > 1 ? seconds * 1000 : WAIT_MS;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, wait);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("given up", "AbortError"));
    });
  });
}
