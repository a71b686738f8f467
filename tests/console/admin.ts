/** What an admin has: a server of their own, the page, and hands. A test fails if the browser's console has an error. */

import { type ConsoleMessage, expect, type Locator, type Page, test as base } from "@playwright/test";
import { Server } from "./server.ts";

export class Admin {
  readonly page: Page;
  readonly server: Server;
  /** Requests that a test means to fail: the browser's console tells of each. */
  readonly expected: RegExp[] = [];

  constructor(page: Page, server: Server) {
    this.page = page;
    this.server = server;
  }

  get editor(): Locator {
    return this.page.getByRole("textbox", { name: "Plan", exact: true });
  }

  get panel(): Locator {
    return this.page.getByRole("tabpanel");
  }

  /** Opens the page at a route. */
  async open(route = ""): Promise<void> {
    await this.page.goto(`${this.server.base}/console${route === "" ? "" : `#/${route}`}`);
  }

  /** Signs in at a route, and waits until it is there. */
  async signIn(route = ""): Promise<void> {
    await this.open(route);
    await this.page.getByLabel("Key").fill(this.server.key);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await expect(this.page.getByRole("navigation", { name: "Pages" })).toBeVisible();
    if (route === "" || route.startsWith("plan")) await expect(this.editor).toContainText("Mount Alder");
  }

  /** Signs in with another key than that of the demo. */
  async signInWith(key: string, route = "", organization?: string): Promise<void> {
    await this.open(route);
    await this.page.getByLabel("Key").fill(key);
    if (organization !== undefined) await this.page.getByLabel("Organization").fill(organization);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await expect(this.page.getByRole("button", { name: "Sign out" })).toBeVisible();
  }

  /** Goes to another page of the console, by its link. */
  async visit(name: string): Promise<void> {
    await this.page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
    await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible();
  }

  async tab(name: string): Promise<void> {
    await this.page.getByRole("tab", { name }).click();
    await expect(this.page.getByRole("tab", { name })).toHaveAttribute("aria-selected", "true");
  }

  /** Pastes this over all that stands in the editor. */
  async rewrite(text: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.editor.evaluate((editor, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", pasted);
      editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true }));
    }, text);
  }

  /** Writes at the end of the plan, key by key. */
  async append(text: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press("ControlOrMeta+End");
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Escape");
  }

  /** Saves by the keyboard, through the review. */
  async save(): Promise<void> {
    await this.editor.press("ControlOrMeta+s");
    await expect(this.page.getByRole("tab", { name: "What changes" })).toHaveAttribute("aria-selected", "true");
    await this.page.getByRole("button", { name: "Save it now" }).click();
  }

  /** Says yes to what acts on the next call. */
  async confirm(name: string): Promise<void> {
    const dialog = this.page.getByRole("dialog", { name });
    await dialog.getByRole("button", { name, exact: true }).click();
    await expect(dialog).toHaveCount(0);
  }

  /** The saved plan with one text in place of another. */
  async planWith(old: string, now: string): Promise<string> {
    const { workflow_definition: text } = await this.server.plan();
    expect(text).toContain(old);
    return text.replace(old, now);
  }
}

export const test = base.extend<{ server: Server; admin: Admin }>({
  server: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    server.stop();
  },
  admin: async ({ page, server }, use) => {
    const admin = new Admin(page, server);
    const told: string[] = [];
    page.on("console", (message: ConsoleMessage) => {
      if (message.type() === "error" || message.type() === "warning") told.push(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => told.push(String(error.stack)));
    await use(admin);
    expect(told.filter((line) => !admin.expected.some((pattern) => pattern.test(line)))).toEqual([]);
  },
});

export { expect };
