/**
 * `browser`: a page served on a free port and a real Chromium that looks at it.
 *
 * Must never reach beyond this machine: the browser's own services are switched off.
 */
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { serve, type ServerType } from "@hono/node-server";
import type { Hono } from "hono";
import { chromium, type Browser, type Page } from "playwright-core";

/** Where a Chromium may stand (Debian: `apt-get install chromium`). */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** @throws when no browser is installed: a page nobody looked at is not tested */
export async function openBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error("no Chromium here: bash scripts/setup.sh installs one");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `app` on a port chosen by the system, on loopback only. */
export async function serveOnFreePort(app: Hono, port = 0): Promise<Served> {
  const server = await new Promise<ServerType>((resolve) => {
    const made = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, () => resolve(made));
  });
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${given}`,
    close: () =>
      new Promise((resolve) => {
        if ("closeAllConnections" in server) server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export const sizes = {
  phone: { width: 390, height: 844 },
  desk: { width: 1280, height: 800 },
} as const;
export type Size = keyof typeof sizes;
export type Scheme = "light" | "dark";

/** Errors a page wrote to its console or threw: empty when all is well. */
export interface Look {
  readonly page: Page;
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** A fresh window without memory; refusals the page is meant to handle are no complaints. */
export async function look(
  browser: Browser,
  size: Size = "phone",
  scheme: Scheme = "light",
): Promise<Look> {
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: scheme,
    locale: "en-GB",
    reducedMotion: "reduce",
    hasTouch: size === "phone",
    isMobile: size === "phone",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}
