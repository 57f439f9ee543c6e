/**
 * `withdrawn`: what becomes of a gateway that the hub lets in no more.
 *
 * Whoever holds the machine then gets nothing out of it: people, codes, keys and rollups go. What
 * the hub has not confirmed, and what was asked for here and it has not answered, is sealed for the
 * hub first (a JWE only it can open), so that nothing is lost if the machine comes back. One page says
 * what happened. The word that led here was signed by the hub; nobody else can cause this.
 */
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import type { JWK } from "jose";
import { z } from "zod";
import { Statement } from "#shared/auth/hub-statement.ts";
import { sealUnsent } from "#shared/auth/unsent.ts";
import type { Doc } from "#shared/couch/database.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { unanswered } from "#edge/requests/request-book.ts";
import { hubPlace } from "#edge/sync/hub-place.ts";
import { confirmedOf } from "#edge/sync/confirmed.ts";
import { identityIn, type Identity } from "#edge/sync/identity.ts";

const MARK = "withdrawn.json";
const UNSENT = "unsent";
/** Say which hub what is unsent is sealed for, and whose it is. */
const LAST = ["identity.json", "hub.json"];
/** Segments per sealed file: some 8 MB. */
const PER_FILE = 1_000;

const Mark = z.object({
  v: z.literal(1),
  statement: Statement,
  /** Segments, and what was asked for here, that lie sealed. */
  unsent: z.number().int(),
  asked: z.number().int(),
});
export type Mark = z.infer<typeof Mark>;

/** What stands in the folder of a gateway that was withdrawn; undefined for one that was not. Goes on with a wipe that was cut off. */
export async function withdrawnIn(folder: string, clock: Clock): Promise<Mark | undefined> {
  const mark = Mark.safeParse(await readJson(join(folder, MARK)));
  if (mark.success) return mark.data;
  const begun = Statement.safeParse(await readJson(join(folder, `${MARK}.begun`)));
  if (!begun.success) return undefined;
  const statement = begun.data;
  const sealingKey = (await hubPlace(folder, undefined)).knownFace()?.sealing as JWK | undefined;
  return wipe({ folder, identity: await identityIn(folder), statement, sealingKey, clock });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}

export interface WipeOptions {
  readonly folder: string;
  /** Signs what it seals. */
  readonly identity: Pick<Identity, "gatewayId" | "signingKey">;
  readonly statement: Statement;
  /** The hub's public key to seal for; undefined when it was never told: then nothing can be kept. */
  readonly sealingKey: JWK | undefined;
  readonly clock: Clock;
}

/** Seals what is unsent and removes all else. The gateway has been stopped. */
export async function wipe(options: WipeOptions): Promise<Mark> {
  const { folder, statement, sealingKey } = options;
  // Done again after a cut: what is sealed already stays, what is left is sealed now.
  await writeDurably(join(folder, `${MARK}.begun`), JSON.stringify(statement));
  const kept =
    sealingKey === undefined ? { unsent: 0, asked: 0 } : await sealAll(options, sealingKey);
  // What a wipe that was cut off is gone on with goes last.
  const names = (await readdir(folder)).filter(
    (name) => name !== UNSENT && !LAST.includes(name) && !name.startsWith(MARK),
  );
  for (const name of [...names, ...LAST])
    await rm(join(folder, name), { recursive: true, force: true });
  const mark: Mark = { v: 1, statement, ...kept };
  await writeDurably(join(folder, MARK), JSON.stringify(mark));
  await rm(join(folder, `${MARK}.begun`), { force: true });
  return mark;
}

async function sealAll(
  { folder, identity, clock }: WipeOptions,
  hubSealing: JWK,
): Promise<Pick<Mark, "unsent" | "asked">> {
  await mkdir(join(folder, UNSENT), { recursive: true, mode: 0o700 });
  const { gatewayId, signingKey } = identity;
  const databases = await openLevelDatabases({ folder: join(folder, "db"), clock });
  const count = { unsent: 0, asked: 0 };
  const keep = async (file: string, name: string, docs: readonly Doc[]) =>
    writeDurably(
      join(folder, UNSENT, `${file}.jwe`),
      await sealUnsent({ gatewayId, name, docs }, signingKey, hubSealing),
    );
  try {
    const local = await databases.open(databaseName.local);
    for (const name of await databases.names()) {
      const parsed = parseDatabaseName(name);
      if (parsed?.kind !== "tele") continue;
      const done = await confirmedOf(local, parsed.tenant);
      if (done && parsed.month < done.month) continue;
      const database = await databases.open(name);
      const prefix = `s:${gatewayId}:`;
      let from = done?.month === parsed.month ? `${done.segmentId}\u0000` : prefix;
      for (let part = 0; ; part++) {
        const docs = await database.list({ from, to: `${prefix}\uffff`, limit: PER_FILE });
        const last = docs.at(-1);
        if (!last) break;
        await keep(`${name}-${String(part).padStart(4, "0")}`, name, docs);
        count.unsent += docs.length;
        from = `${last._id}\u0000`;
      }
    }
    const asked = await unanswered(local);
    for (const name of await databases.names()) {
      const parsed = parseDatabaseName(name);
      const ids = parsed?.kind === "events" ? asked.get(parsed.tenant) : undefined;
      if (!ids) continue;
      const database = await databases.open(name);
      const docs = await database.getMany(ids.map((id) => `e:${gatewayId}:request:${id}`));
      if (docs.length === 0) continue;
      await keep(name, name, docs);
      count.asked += docs.length;
    }
  } finally {
    await databases.close();
  }
  return count;
}

/** The one page there is left, on every path. */
export function withdrawnApp({ statement, unsent, asked }: Mark): Hono {
  const why =
    statement.why === "replaced"
      ? "Another gateway has taken its place."
      : "The operator has shut it out.";
  const waiting = [
    ...(unsent === 0 ? [] : [`${unsent} packets of readings`]),
    ...(asked === 0 ? [] : [`${asked} changes that were made here`]),
  ].join(" and ");
  const kept =
    waiting === ""
      ? "Nothing was waiting to be sent."
      : `${waiting} that the hub had not confirmed lie here sealed; only the operator's hub can open them.`;
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Withdrawn</title><h1>This gateway has been withdrawn</h1><p>${why} It has been so since ${statement.at}. It hears no meters, and holds no people and no keys.</p><p>${kept}</p><p>Please give it back to the operator.</p></html>`;
  const app = new Hono();
  const headers = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
  };
  app.get("/ping", (c) => c.text("pong"));
  app.get("/health", (c) =>
    c.json(
      { status: "withdrawn", why: statement.why, since: statement.at, unsent, asked },
      200,
      headers,
    ),
  );
  app.all("*", (c) =>
    c.req.path.startsWith("/api/")
      ? c.json(
          {
            type: "about:blank",
            title: "Withdrawn",
            status: 410,
            code: "withdrawn",
            detail: "This gateway has been withdrawn.",
          },
          410,
          { ...headers, "content-type": "application/problem+json" },
        )
      : c.html(page, 410, headers),
  );
  return app;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
