import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompactEncrypt, importJWK, type JWK } from "jose";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { findings } from "#shared/web/testing/accessibility.ts";
import { look, openBrowser } from "#shared/web/testing/browser.ts";
import { siteExample, TENANT, WATER_1A, WATER_1B } from "#shared/testing/site-example.ts";
import { readConfig } from "#edge/config.ts";
import { startEdge } from "#edge/edge.ts";
import { identityIn } from "#edge/sync/identity.ts";
import { setupSite } from "./setup-site.ts";

export const timeoutMs = 120_000;

const OTHER = "hillside" as TenantName;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A gateway in another one's place, with what the hub handed to it, before its first start. */
async function prepared(folder: string) {
  const identity = await identityIn(join(folder, "edge"));
  const key = await importJWK(identity.public.encryption as JWK, "ECDH-ES+A256KW");
  const join1 = { joinEui: "0".repeat(16), appKey: "ab".repeat(16), macVersion: "1.0" };
  const bundle = {
    devices: { [WATER_1A]: join1, [WATER_1B]: join1 },
    sessions: { [WATER_1A]: "{cut off", [WATER_1B]: { v: 2 } },
  };
  const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(bundle)))
    .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", kid: identity.gatewayId })
    .encrypt(key);
  const { gatewayId } = identity;
  const keys = { _id: `keys:${gatewayId}`, type: "keys", v: 1, gatewayId };
  const databases = await openLevelDatabases({ folder: join(folder, "edge", "db") });
  const site = await databases.open(databaseName.site(TENANT, 1));
  await site.bulk([...(await siteExample()), { ...keys, jwe }]);
  const other = await databases.open(databaseName.site(OTHER, 1));
  const [community] = await siteExample();
  await other.bulk([
    { ...community!, tenant: OTHER, name: "Hillside" },
    { ...keys, jwe: `${jwe.slice(0, -4)}AAAA` },
  ]);
  await databases.close();
}

const start = (folder: string) =>
  startEdge(readConfig({ EDGE_DATA: join(folder, "edge"), EDGE_PORT: "0", UDP_PORT: "0" }), {
    clock: systemClock,
    random: randomBytes,
    log,
    pages: setupSite,
    version: "test",
  });

const test = suite<{ folder: string }>("setup page of a gateway in another one's place");
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "riser-setup-"));
});
test.after.each(({ folder }) => rm(folder, { recursive: true }));

test("sessions and keys that cannot be opened are counted, told on the setup page, and cost no other device its key", async ({
  folder,
}) => {
  await prepared(folder);
  let edge = await start(folder);
  const browser = await openBrowser();
  const counted = async () => {
    const text = await (await fetch(`${edge.url}/metrics`)).text();
    return ["session_damaged", "session_newer", "keys_unopened"].map((reason) => {
      const line = text
        .split("\n")
        .find((one) => one.includes(`refused_total{reason="${reason}"}`));
      return Number(line?.split(" ").at(-1));
    });
  };
  const conditions = async () => {
    const health = (await (await fetch(`${edge.url}/health`)).json()) as {
      conditions: { name: string; about: string | null }[];
    };
    return health.conditions
      .filter(({ name }) => ["sessions_left_behind", "keys_unopened"].includes(name))
      .map(({ name, about }) => `${name}: ${about}`);
  };
  try {
    const { page, complaints, close } = await look(browser, "phone");
    await page.goto(`${edge.url}/setup`);
    await page.getByLabel("Setup code").fill(edge.setupCode.shown);
    await page.getByRole("button", { name: "Open" }).click();
    await page
      .getByText("2 meters' radio sessions could not be handed over; they must join anew")
      .waitFor();
    await page.getByText("written by a newer program").waitFor();
    const list = page.getByRole("list", { name: /must join anew/ });
    await list.getByText(WATER_1A).waitFor();
    await page.getByText("The keys of the meters of Hillside cannot be opened").waitFor();
    assert.equal(await findings(page), []);
    assert.equal(complaints, []);
    await close();
    assert.equal(await counted(), [1, 1, 1]);
    assert.equal(await conditions(), [
      `keys_unopened: ${OTHER}`,
      "sessions_left_behind: 2 devices",
    ]);
    await edge.stop();
    edge = await start(folder);
    assert.equal((await counted()).slice(0, 2), [1, 1], "once, not at each start");
  } finally {
    await browser.close();
    await edge.stop();
  }
});

test.run();
