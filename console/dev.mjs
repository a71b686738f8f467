// `npm run dev`: the page as it is being written, built anew at each load, before a callplan that runs. It needs no build
// of callplan: what is not the page's own goes on to `CALLPLAN` (http://127.0.0.1:8080 where that is not set).

import { readFile } from "node:fs/promises";
import http from "node:http";
import * as esbuild from "esbuild";
import { bundling, pageOf } from "./build.mjs";

const service = new URL(process.env.CALLPLAN ?? "http://127.0.0.1:8080");
const port = Number(process.env.PORT ?? 8081);
const types = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml", woff2: "font/woff2" };
const policy = (await readFile(new URL("../crates/server/src/api/console_policy.txt", import.meta.url), "utf8")).trim();
let files = new Map();

async function answerPage(response, name) {
  if (name === "index.html") files = await pageOf(await esbuild.build({ ...bundling, minify: false }));
  const file = files.get(name);
  const type = types[name.split(".").pop()] ?? "text/plain";
  response.writeHead(file ? 200 : 404, { "content-type": type, "content-security-policy": policy });
  response.end(file);
}

function pass(request, response) {
  const { method, headers, url } = request;
  const onward = http.request({ host: service.hostname, port: service.port, path: url, method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}

http
  .createServer((request, response) => {
    const page = request.url.match(/^\/console(?:\/([\w.-]*))?(?:\?.*)?$/);
    if (!page) return pass(request, response);
    answerPage(response, page[1] || "index.html").catch((error) => {
      response.writeHead(500, { "content-type": "text/plain" });
      response.end(String(error.message));
    });
  })
  .listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/console, before ${service.href}`));
