/** How the tests run: in the system's Chromium, each against a server of its own. */

import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    timezoneId: "America/New_York",
    // Twenty-four hours; `clocks.spec.ts` has others.
    locale: "en-GB",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      // In a container the tests run as root, and Chromium's sandbox does not.
      args: ["--no-sandbox"],
    },
  },
});
