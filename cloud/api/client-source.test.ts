import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";

/** The compiler on a busy machine is slow. */
export const timeoutMs = 120_000;

const test = suite<{ stand: Stand; folder: string; client: Loose }>("typed client");
const root = fileURLToPath(new URL("../..", import.meta.url));

test.before(async (context) => {
  context.stand = await openStand();
  context.folder = await mkdtemp(join(tmpdir(), "riser-client-"));
  const file = join(context.folder, "client.ts");
  const source = await context.stand.ask("GET", "/client.ts");
  await writeFile(file, source.text);
  context.client = await import(file);
});
test.after(async ({ stand, folder }) => {
  await stand.close();
  await rm(folder, { recursive: true });
});

/** What a program may write, and with the marks what it must not. */
const PROGRAM = `import { riser } from "./client.js";
const hub = riser({ url: "https://hub.example.org", apiKey: "" });
export const vacant: string[] = (await hub.getUnits({ vacant: true })).data.map(({ name }) => name);
export const deleted: string = (await hub.deleteCustomersId("hillside", { confirm: "Hillside" })).ends_at;
export const off: boolean = (await hub.postPeoplePersonDisable("p-1")).is_disabled;
export const upload: number = (await hub.postUploadsDevices(new Uint8Array(), { dry_run: true })).rows;
// @ts-expect-error what has to be there
await hub.postCustomers({ name: "Hillside" });
// @ts-expect-error what nobody knows
await hub.getUnits({ colour: "red" });
`;

test("what the hub gives out compiles as strict TypeScript, and so does a program with it", async ({
  folder,
}) => {
  await writeFile(join(folder, "program.mts"), PROGRAM);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = ["--noEmit", "--strict", "--target", "es2023", "--module", "nodenext"];
  const lib = ["--lib", "es2023,dom", "--types", "", "--skipLibCheck", "--ignoreConfig"];
  await promisify(execFile)(process.execPath, [
    tsc,
    ...options,
    ...lib,
    join(folder, "program.mts"),
  ]);
});

test("a community is made, found and refused twice with it", async ({ stand, client }) => {
  const cookie = await stand.operator("olga@a.example");
  const made = await stand.ask("POST", "/api/v1/keys", {
    cookie,
    body: { name: "program", scopes: ["admin"] },
  });
  const hub = client.riser({
    url: `http://127.0.0.1:${stand.hub.port}`,
    apiKey: made.json.data.key,
  });
  const tenant_name = stand.tenant("riverside");
  const body = { name: "Riverside", admin_email: "ada@a.example", tenant_name };
  const community = await hub.postCustomers(body);
  assert.is(community.tenant_name, tenant_name);
  assert.is((await hub.getCustomers({ limit: 10 })).total, 1);
  const refused = await hub.postCustomers(body).catch((error: unknown) => error);
  assert.instance(refused, client.Problem);
  assert.is(refused.status, 409);
  assert.is(refused.code, "conflict");
});

test.run();
