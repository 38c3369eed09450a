import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBrowser } from "./available.mjs";
import type { Bundle } from "./bundle.ts";

/** How a page is served. */
export interface VisitOptions {
  readonly bundle: Bundle;
  /** Content-Security-Policy, in a meta element; none when absent. */
  readonly policy?: string;
}

/** Opens a page with the bundle's entry in a headless browser; what the page posts to /result. */
export async function visit(options: VisitOptions): Promise<unknown> {
  const command = findBrowser();
  if (command === null) throw new Error("no browser; run scripts/setup-browser as root");
  const profile = await mkdtemp(join(tmpdir(), "callfactory-browser-"));
  let resolve = (_body: string): void => {};
  let reject = (_error: Error): void => {};
  const result = new Promise<string>((onBody, onError) => {
    resolve = onBody;
    reject = onError;
  });
  const server = serve(options, (body) => resolve(body));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  const { port } = server.address() as AddressInfo;
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
  const args = [...flags, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`];
  // A group of its own: the browser is many processes, and all have to end.
  const browser = spawn(command, args, {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    // What it leaves behind, being killed, is left in the profile.
    env: { ...process.env, TMPDIR: profile },
  });
  const ended = new Promise((end) => browser.once("close", end));
  let said = "";
  browser.stderr.on("data", (data) => {
    said += String(data);
  });
  browser.once("error", (error) => reject(error));
  browser.once("exit", (code) => reject(new Error(`${command} ended with ${code}\n${said}`)));
  try {
    return JSON.parse(await result) as unknown;
  } finally {
    if (browser.pid !== undefined && browser.exitCode === null)
      process.kill(-browser.pid, "SIGKILL");
    await ended;
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function serve({ bundle, policy }: VisitOptions, onResult: (body: string) => void): Server {
  return createServer((request, response) => {
    const { method, url = "/" } = request;
    if (method === "POST") {
      let body = "";
      request.on("data", (data) => {
        body += String(data);
      });
      request.on("end", () => {
        response.end();
        onResult(body);
      });
      return;
    }
    const chunk = bundle.chunks.get(url.slice(1));
    if (url !== "/" && chunk === undefined) response.statusCode = 404;
    response.setHeader("Content-Type", url === "/" ? "text/html" : "text/javascript");
    response.end(url === "/" ? page(policy) : chunk);
  });
}

function page(policy: string | undefined): string {
  const meta =
    policy === undefined ? "" : `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  return `<!doctype html><meta charset="utf-8">${meta}<script type="module" src="/entry.js"></script>`;
}
