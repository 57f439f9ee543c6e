import { unzipSync } from "fflate";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

const couchdbUrl = process.env.COUCHDB_URL;
const scope = systemScope("test");

interface Context {
  stand: Stand;
  cookie: string;
  tenant: string;
  /** Of the one who lives in 1A since March. */
  ben: string;
}

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<Context>(`privacy on ${label}`);

  test.before.each(async (context) => {
    const stand = (context.stand = await openStand(url));
    context.tenant = stand.tenant("river");
    context.cookie = await stand.operator("olga@a.example");
    await load(stand.hub.hub, loadExample(context.tenant));
    const people = await stand.hub.hub.people.list(scope);
    context.ben = people.find(({ lastName }) => lastName === "Fitzwilliam")?.personId as string;
  });
  test.after.each(async ({ stand }) => {
    await stand.close();
  });

  const ask = ({ stand, cookie }: Context, method: string, path: string, body?: unknown) =>
    stand.ask(method, `/api/v1${path}`, { cookie, ...(body === undefined ? {} : { body }) });

  const files = async ({ stand }: Context, path: string, cookie: string) => {
    const answer = await fetch(`http://127.0.0.1:${stand.hub.port}/api/v1${path}`, {
      headers: { cookie, host: "localhost" },
    });
    assert.is(answer.status, 200);
    const entries = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    return Object.fromEntries(
      Object.entries(entries).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]),
    ) as Record<string, string>;
  };

  test("an export holds a person's data and their homes' use in their own time, and nothing of anybody else", async (context) => {
    const { stand, cookie, tenant, ben } = context;
    const key = (await ask(context, "POST", "/keys", { name: "k", scopes: ["ingest"] })).json.data
      .key;
    // Before they moved in (March) and after: in cubic metres, ten a month.
    for (const [month, index] of [
      ["2026-01", 10],
      ["2026-02", 20],
      ["2026-03", 30],
      ["2026-04", 40],
      ["2026-05", 50],
    ] as const)
      await stand.ask("POST", "/api/v1/ingest/water-consumption", {
        headers: { "x-api-key": key },
        body: {
          dev_eui: devEui(tenant, 1),
          timestamp: `${month}-01T00:00:00+01:00`,
          cumulativeFlowM3: index,
        },
      });
    await stand.hub.caughtUp();
    const all = await files(context, `/people/${ben}/export`, cookie);
    const person = JSON.parse(all["person.json"] as string);
    assert.equal(
      [person.firstName, person.lastName, person.homes[0].unit],
      ["Ben", "Fitzwilliam", "1A"],
    );
    assert.not.ok(/argon2|passwordHash/.test(all["person.json"] as string), "a hash is told");
    const uses = Object.keys(all).filter((name) => name.startsWith("consumption/"));
    assert.ok(uses.length > 0);
    for (const name of uses) {
      const days = (all[name] as string)
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(";")[0] as string)
        .filter((day) => day !== "");
      assert.ok(
        days.every((day) => day >= "2026-03-01"),
        `${name} tells of days before they moved in`,
      );
    }
    const text = JSON.stringify(all);
    assert.not.ok(/Quintanilla|Vandermeer|ana\.q/.test(text), "a neighbour is in it");
    const audit = await ask(context, "GET", "/audit?what=person.export");
    assert.is(audit.json.data[0].for.id, ben);
  });

  test("whoever signs in takes their own along", async (context) => {
    const all = await files(context, "/me/export", context.cookie);
    const person = JSON.parse(all["person.json"] as string);
    assert.is(person.email, "olga@a.example");
    assert.ok((all["sign-ins.csv"] as string).split("\r\n").length >= 3);
  });

  test("a person who is erased is nowhere any more, and every gateway's confirmation is written down", async (context) => {
    const { stand, cookie, tenant, ben } = context;
    const gateway = await stand.enrolled(tenant);
    const preview = (await ask(context, "GET", `/people/${ben}/erasure`)).json.data;
    assert.equal([preview.tenancies, preview.confirm], [1, "ben.f@example.org"]);
    assert.equal(
      preview.gateways.map((one: Loose) => one.gateway_id),
      [gateway.id],
    );
    const wrong = await ask(context, "POST", `/people/${ben}/erasure`, { confirm: "Ben" });
    assert.is(wrong.status, 400);
    const erased = await ask(context, "POST", `/people/${ben}/erasure`, {
      confirm: "Ben.F@example.org",
      reason: "asked for it",
    });
    assert.is(erased.status, 200, erased.text);
    assert.is(erased.json.data.is_done, false);

    assert.is((await ask(context, "GET", `/people/${ben}`)).status, 404);
    const { hub } = stand.hub;
    const mine = (await hub.databases.names()).filter(
      (name) => name.includes(tenant) || /^(riser|roll|o-|g-)/.test(name),
    );
    for (const name of mine) {
      const open = name === "roll" ? hub.databases.openShelf : hub.databases.open;
      const text = JSON.stringify(await (await open(name)).list());
      assert.not.ok(/Fitzwilliam|ben\.f@/i.test(text), `they are still in ${name}`);
    }
    assert.not.ok(/Fitzwilliam|ben\.f@/i.test(stand.logged.join("")), "they are in the log");
    assert.is(
      await hub.databases.openExisting(databaseName.site(tenant as TenantName, 1)),
      undefined,
      "the old site is destroyed with its revisions",
    );

    // The gateway tells which generation it holds.
    const [community] = await hub.communities.list(scope);
    const at = new Date(stand.clock.now()).toISOString();
    const pushed = await stand.ask("POST", `/sync/g-${gateway.id}/_bulk_docs`, {
      headers: { authorization: `Bearer ${await stand.token(gateway)}` },
      body: {
        docs: [
          {
            _id: `health:${gateway.id}:${at.slice(0, 13)}`,
            _rev: `1-${"c".repeat(32)}`,
            type: "health",
            v: 1,
            gatewayId: gateway.id,
            at,
            version: "test",
            upMs: 1,
            rssBytes: 1,
            uplinksKept: 0,
            waiting: 0,
            sites: { [tenant]: community?.generation },
          },
        ],
        new_edits: false,
      },
    });
    assert.is(pushed.status, 201, pushed.text);
    const [row] = (await ask(context, "GET", "/erasures")).json.data;
    assert.equal(
      [row.person_id, row.reason, row.is_done, row.gateways[0].confirmed_at],
      [ben, "asked for it", true, at],
    );
    const audit = await stand.ask("GET", "/api/v1/audit?what=person.erase", { cookie });
    assert.is(audit.json.data[0].target.id, ben);
  });

  test("a person who was erased does not come back with a backup", async (context) => {
    const { stand, ben } = context;
    const { hub } = stand.hub;
    const before = (await hub.people.list(scope)).find(({ personId }) => personId === ben);
    await ask(context, "POST", `/people/${ben}/erasure`, { confirm: "ben.f@example.org" });
    const { _rev: _, ...again } = before as Loose;
    await hub.people.addAll(scope, [again]);
    await stand.restart();
    assert.not.ok(
      (await stand.hub.hub.people.list(scope)).some(({ personId }) => personId === ben),
    );
  });

  test("nobody erases themselves", async (context) => {
    const olga = (await ask(context, "GET", "/me")).json.data.person_id;
    const own = await ask(context, "POST", `/people/${olga}/erasure`, {
      confirm: "olga@a.example",
    });
    assert.is(own.status, 409, own.text);
  });

  test.run();
}
