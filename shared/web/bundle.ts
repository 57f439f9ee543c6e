/**
 * `bundle`: makes a page out of its entry when the process starts.
 *
 * Everything a browser needs comes from here, under hashed names, so that it may be kept for
 * ever and nothing is ever asked of another machine. Must never put a script or a style into
 * the document itself: the policy in `security-headers.ts` forbids both.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Plugin } from "esbuild";
import { keepBundle, keptBundle } from "./kept-bundle.ts";
import { documentShell } from "./document-shell.ts";

export interface PageSource {
  /** Absolute path of the `.tsx` that renders into the document. */
  readonly entry: string;
  /** Shown in the tab until the page sets its own. */
  readonly title: string;
  /** Paths the document answers to, in Hono's notation: `/`, `/meters/:meterId`. */
  readonly pages: readonly string[];
}

export interface BundledFile {
  readonly body: Uint8Array<ArrayBuffer>;
  /** The same, gzipped once at start. */
  readonly gzipped: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Quoted, as the header wants it. */
  readonly etag: string;
}

export interface PageBundle {
  /** By path as asked for: `/assets/resident-4F2A.js`. */
  readonly files: ReadonlyMap<string, BundledFile>;
  readonly document: BundledFile;
  readonly pages: readonly string[];
  /** Files that went in, relative to the project; for the tests that watch over weight. */
  readonly inputs: readonly string[];
  /** Gzipped bytes of JavaScript asked for before the first picture, without lazy parts. */
  readonly firstLoadBytes: number;
}

const HERE = dirname(fileURLToPath(import.meta.url));
const PROJECT = dirname(dirname(HERE));
const NOTICE = "/*! Preact, Signals: MIT. Icons: Lucide, ISC, and Feather, MIT. */";

/** A Lucide icon becomes the text of its drawing: one `<svg>` per use is made by `icon.tsx`. */
const icons: Plugin = {
  name: "icons",
  setup(on) {
    on.onLoad({ filter: /\.svg$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const drawing =
        /<svg[^>]*>([\s\S]*)<\/svg>/.exec(text.replace(/<!--[\s\S]*?-->/g, ""))?.[1] ?? "";
      return { contents: drawing.replace(/\s*\n\s*/g, "").trim(), loader: "text" };
    });
  },
};

/** Bundles a page, or takes what was made of the same sources before. Throws esbuild's error, with file and line, when its source is broken. */
export async function bundlePage(source: PageSource): Promise<PageBundle> {
  const kept = await keptBundle(source);
  if (kept) return kept;
  const startedMs = performance.timeOrigin + performance.now();
  const made = await madeBundle(source);
  // No room, or not ours to write: it is made again next time.
  await keepBundle(source, made, startedMs).catch(() => undefined);
  return made;
}

async function madeBundle({ entry, title, pages }: PageSource): Promise<PageBundle> {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: PROJECT,
    outdir: "/assets",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome109", "safari16", "firefox115"],
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins: [icons],
    minify: true,
    legalComments: "none",
    banner: { js: NOTICE },
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const files = new Map<string, BundledFile>();
  for (const file of result.outputFiles)
    files.set(`/assets/${basename(file.path)}`, bundled(file.path, file.contents));
  const icon = await readFile(`${HERE}/mark.svg`);
  const iconPath = `/assets/mark-${digest(icon)}.svg`;
  files.set(iconPath, bundled(iconPath, icon));

  const outputs = Object.entries(result.metafile.outputs);
  const [mainPath, main] =
    outputs.find(([, output]) => output.entryPoint === relative(PROJECT, entry)) ?? [];
  if (mainPath === undefined || main === undefined) throw new Error(`${entry} made no output`);
  const asked = [
    mainPath,
    ...main.imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path),
  ];
  const scripts = asked.map((path) => `/assets/${basename(path)}`);
  const style = main.cssBundle === undefined ? [] : [`/assets/${basename(main.cssBundle)}`];
  const document = documentShell({ title, icon: iconPath, scripts, styles: style });
  return {
    files,
    document: bundled("index.html", new TextEncoder().encode(document)),
    pages,
    inputs: Object.keys(result.metafile.inputs),
    firstLoadBytes: scripts.reduce((sum, path) => sum + (files.get(path)?.gzipped.length ?? 0), 0),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  html: "text/html; charset=utf-8",
};

function bundled(path: string, contents: Uint8Array): BundledFile {
  const body = new Uint8Array(contents);
  const type = TYPES[path.split(".").pop() ?? ""] ?? "application/octet-stream";
  return {
    body,
    gzipped: new Uint8Array(gzipSync(body, { level: 9 })),
    type,
    etag: `"${digest(body)}"`,
  };
}

function digest(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex").slice(0, 12);
}
