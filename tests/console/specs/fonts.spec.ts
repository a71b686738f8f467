/** The page brings its own fonts: it looks alike on every machine, and stays small. */

import { expect, test } from "../admin.ts";

const FAMILIES = ["Inter", "JetBrains Mono", "Newsreader"];

test("three fonts of its own are used: for texts, for headings, for plans", async ({ admin, page }) => {
  await admin.signIn();
  await page.evaluate(() => document.fonts.ready);
  const loaded = await page.evaluate(() => [...document.fonts].filter((face) => face.status === "loaded").map((face) => [face.family.replaceAll('"', ""), face.display]));
  const own = loaded.filter(([family]) => !family?.endsWith("fallback"));
  expect(own.sort()).toEqual(FAMILIES.map((family) => [family, "swap"]));
  const familyOf = (selector: string) => page.locator(selector).first().evaluate((element) => getComputedStyle(element).fontFamily.split(",")[0]?.replaceAll('"', ""));
  expect(await familyOf("nav a")).toBe("Inter");
  expect(await familyOf("h1")).toBe("Newsreader");
  expect(await familyOf(".cm-scroller")).toBe("JetBrains Mono");
});

test("fonts are files of the server, kept for long; their license comes with them", async ({ admin, page, server }) => {
  const fonts: string[] = [];
  page.on("response", (response) => response.url().endsWith(".woff2") && fonts.push(response.url()));
  await admin.signIn();
  await page.evaluate(() => document.fonts.ready);
  expect(fonts.length).toBe(3);
  for (const url of fonts) {
    expect(url.startsWith(`${server.base}/console/`)).toBe(true);
    const answer = await page.request.get(url);
    expect(answer.headers()).toMatchObject({ "content-type": "font/woff2", "cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff" });
    expect((await answer.body()).subarray(0, 4).toString()).toBe("wOF2");
  }
  const licenses = await page.locator("link[rel=license]").getAttribute("href");
  const text = await (await page.request.get(server.base + licenses)).text();
  for (const name of ["Inter Project Authors", "JetBrains Mono Project Authors", "Newsreader Project Authors"]) expect(text).toContain(name);
  expect(text).toContain("SIL OPEN FONT LICENSE Version 1.1");
});

test("what stands in for the font of plans has its measures, so that no line moves when it comes", async ({ admin, page }) => {
  await admin.signIn();
  await page.evaluate(() => document.fonts.ready);
  const measured = await page.evaluate(async () => {
    const stands = "JetBrains Mono fallback";
    await document.fonts.load(`14px "${stands}"`).catch(() => []);
    const context = document.createElement("canvas").getContext("2d")!;
    return ["JetBrains Mono", stands].map((family) => {
      context.font = `100px "${family}", serif`;
      const { width, fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText("when office is open { route to frontdesk }");
      return [width, fontBoundingBoxAscent, fontBoundingBoxDescent];
    });
  });
  const [own = [], standing = []] = measured;
  own.forEach((value, index) => expect(Math.abs((standing[index] ?? 0) / value - 1)).toBeLessThan(0.02));
});
