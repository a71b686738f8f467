/** A server with the demo's organization, agents, numbers and plan, and a client of its API. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";

const BINARY = process.env["CALLPLAN"] ?? "../../target/debug/callplan";

/** What the command line prints, such as an id that it has made. */
export const callplan = (...words: string[]): string => execFileSync(BINARY, words, { encoding: "utf8" }).trim();

export const CONFIG = "/core/inbound-routing-config";

export class Server {
  readonly base: string;
  readonly key: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, base: string, key: string) {
    this.child = child;
    this.base = base;
    this.key = key;
  }

  /** Starts one, and reads its address and the key from what it says. A file that is named is its database. */
  static async start(database?: string): Promise<Server> {
    const kept = database === undefined ? [] : ["--database", database];
    const child = spawn(BINARY, ["serve", "--demo", "--listen", "127.0.0.1:0", ...kept], { stdio: ["ignore", "pipe", "ignore"] });
    let base = "";
    for await (const line of createInterface({ input: child.stdout! })) {
      base ||= /^listening on (\S+)/.exec(line)?.[1] ?? "";
      const key = /Bearer (ak_[^']+)/.exec(line)?.[1];
      if (base !== "" && key !== undefined) return new Server(child, base, key);
    }
    throw new Error(`${BINARY} did not start`);
  }

  /** Makes a key with these scopes. */
  async keyWith(...scopes: string[]): Promise<string> {
    return (await this.ask<{ token: string }>("POST", "/core/api-keys", { name: "a test's", scopes })).token;
  }

  stop(): void {
    this.child.kill("SIGKILL");
  }

  /** Stops answering, as a server does that is cut off. */
  freeze(): void {
    this.child.kill("SIGSTOP");
  }

  /** Asks the API as another admin would. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${this.key}`, "content-type": "application/json" };
    const response = await fetch(this.base + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** The plan as it is saved. */
  async plan(): Promise<{ revision: number; workflow_definition: string }> {
    return this.ask("GET", CONFIG);
  }

  /** Saves a plan, as another admin. */
  async save(workflow_definition: string): Promise<void> {
    await this.ask("PUT", CONFIG, { workflow_definition });
  }

  /** A call comes in: what is done with it. */
  async call(called_number: string, timestamp: string, caller_number = "+18025550142"): Promise<{ id: string; rule: string | null }> {
    return this.ask("POST", "/core/inbound-calls", { caller_number, called_number, timestamp });
  }
}
