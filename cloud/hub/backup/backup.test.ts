import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startHub } from "#cloud/cloud.ts";
import { runCommand } from "#cloud/commands.ts";
import type { Config } from "#cloud/config.ts";
import { APP_KEY, devEui, loadExample, openStand, PASSWORD, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { openHttpDatabases } from "#shared/couch/http.ts";
import { systemClock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { Hono } from "hono";

const couchdbUrl = process.env.COUCHDB_URL;
const scope = systemScope("test");
const world = { clock: systemClock, random: randomBytes };

interface Context {
  stand: Stand;
  tenant: string;
  folder: string;
  backup: string;
  passphrase: string;
}

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<Context>(`backup on ${label}`);

  test.before.each(async (context) => {
    const stand = (context.stand = await openStand(url));
    context.tenant = stand.tenant("river");
    await stand.operator("olga@a.example");
    await load(stand.hub.hub, loadExample(context.tenant));
    context.folder = await mkdtemp(join(tmpdir(), "riser-backup-"));
    context.backup = join(context.folder, "hub.backup");
    context.passphrase = join(context.folder, "passphrase");
    await writeFile(context.passphrase, "twelve words in a row\n");
  });
  test.after.each(async ({ stand, folder }) => {
    await stand.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (config: Config, ...words: string[]) => {
    let said = "";
    const isKnown = await runCommand(config, world, words, (text) => (said += text));
    assert.ok(isKnown);
    return said;
  };
  const refused = async (work: Promise<unknown>, says: RegExp) => {
    const error = await work.then(
      () => undefined,
      (failure: unknown) => failure,
    );
    assert.ok(isFault(error), `nothing was refused: ${String(error)}`);
    assert.match((error as Error).message, says);
  };
  /** The same hub in another folder, with the journal of `journal`. */
  const elsewhere = ({ stand, folder }: Context, journal: string): Config => ({
    ...stand.config,
    dataFolder: join(folder, "again"),
    journalFolder: journal,
  });
  const withoutDatabases = async () => {
    if (url === undefined) return;
    const databases = openHttpDatabases({ url });
    for (const name of await databases.names())
      if (/^(riser|roll)$|^[ogtw]-/.test(name)) await databases.destroy(name);
    await databases.close();
  };

  test("made while the hub serves, a backup brings it back whole, and shut out stays who was shut out since", async (context) => {
    const { stand, tenant, backup, passphrase } = context;
    const { hub } = stand.hub;
    const said = await run(stand.config, "backup", backup, "--passphrase-file", passphrase);
    assert.match(said, /documents of \d+ databases/);
    assert.match(said, /deny journal is not in it/);
    assert.is((await stat(backup)).mode & 0o077, 0, "others may read it");
    const bytes = await readFile(backup);
    for (const secret of ["Quintanilla", "olga@a.example", APP_KEY, tenant])
      assert.not.ok(bytes.includes(secret), `${secret} stands in it in clear`);

    // After the backup: Ben is shut out.
    const ben = (await hub.people.list(scope)).find(({ firstName }) => firstName === "Ben");
    await hub.journal.add("person", ben?.personId as string);
    const before = await hub.communities.list(scope);
    await stand.hub.stop();
    await withoutDatabases();

    const config = elsewhere(
      context,
      stand.config.journalFolder ?? join(stand.config.dataFolder, "journal"),
    );
    const back = await run(config, "restore", backup, "--passphrase-file", passphrase);
    assert.match(back, /is back/);
    const again = await startHub(config, {
      ...world,
      log: { info() {}, warn() {}, error() {} },
      pages: async () => new Hono(),
    });
    try {
      const people = await again.hub.people.list(scope);
      assert.is(people.length, 4);
      assert.is(people.find(({ firstName }) => firstName === "Ben")?.isDisabled, true);
      const [community] = await again.hub.communities.list(scope);
      assert.ok((community?.generation ?? 0) > (before[0]?.generation ?? 0), "gateways begin anew");
      const keys = await again.hub.keys.open(scope, community?.organizationId as never, [
        devEui(tenant, 1) as DeviceId,
      ]);
      assert.ok(JSON.stringify([...keys.values()]).includes(APP_KEY), "sealed keys open again");
      const signIn = await fetch(`${again.url}/api/v1/sign-in`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: "olga@a.example", password: PASSWORD }),
      });
      assert.is(signIn.status, 200, await signIn.text());
      await refused(
        run(config, "restore", backup, "--passphrase-file", passphrase),
        /running on this folder/,
      );
    } finally {
      await again.stop();
    }
    await refused(
      run(config, "restore", backup, "--passphrase-file", passphrase),
      /There is a hub here already/,
    );
  });

  if (url === undefined) {
    test("a wrong passphrase, a changed byte and a file cut off are noticed before anything is written", async (context) => {
      const { stand, backup, passphrase, folder } = context;
      await run(stand.config, "backup", backup, "--passphrase-file", passphrase);
      const config = elsewhere(context, join(folder, "journal"));
      const whole = await readFile(backup);
      const other = join(folder, "other");
      await writeFile(other, "thirteen words in a row");
      await refused(run(config, "restore", backup, "--passphrase-file", other), /passphrase/);
      for (const change of [
        (bytes: Buffer) =>
          bytes.fill(
            (bytes[bytes.length >> 1] as number) ^ 1,
            bytes.length >> 1,
            (bytes.length >> 1) + 1,
          ),
        (bytes: Buffer) => bytes.subarray(0, bytes.length - 100),
        (bytes: Buffer) => bytes.subarray(0, 40),
        () => Buffer.from("not a backup"),
      ]) {
        await writeFile(other, change(Buffer.from(whole)));
        await refused(
          run(config, "restore", other, "--passphrase-file", passphrase),
          /changed or cut off|no backup/,
        );
      }
      const written = await stat(config.dataFolder).catch(() => undefined);
      assert.is(written, undefined, "something was written");
      await writeFile(passphrase, "short");
      await refused(
        run(stand.config, "backup", backup, "--passphrase-file", passphrase),
        /at least 12/,
      );
    });

    test("one more operator gets a link, and the doctor says what is not as it should be", async ({
      stand,
    }) => {
      const made = await run(stand.config, "create-admin", "--email", "ines@a.example");
      const token = /activate#token=([\w-]+)/.exec(made)?.[1];
      assert.ok(token, made);
      const activated = await stand.ask("POST", "/api/v1/activation", {
        body: { token, password: "another harbour 20" },
      });
      assert.ok(activated.status < 300, activated.text);
      await refused(
        run(stand.config, "create-admin", "--email", "nonsense"),
        /is no e-mail address/,
      );
      const said = await run(stand.config, "doctor");
      assert.match(said, /ok {4}secrets: readable by their owner alone/);
      assert.match(said, /WARN {2}deny journal: it lies in HUB_DATA/);
      assert.match(said, /ok {4}people: 1 communities, 2 devices, 5 people, 2 of them operators/);
      assert.not.ok(/BAD/.test(said), said);
      const json = JSON.parse(await run(stand.config, "doctor", "--json"));
      assert.ok(json.findings.length > 6);
    });
  }

  test.run();
}
