import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CompactEncrypt, importJWK } from "jose";
import {
  devEui,
  loadExample,
  openStand,
  type Loose,
  type Stand,
  type TestGateway,
} from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { withdraw } from "#cloud/hub/withdraw.ts";
import { databaseName, monthOf } from "#shared/model/database-names.ts";
import type {
  DeviceId,
  InstallationId,
  ResidentId,
  TenantName,
  UnitId,
} from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

const KEY = "0f0e0d0c0b0a09080706050403020100";
const scope = systemScope("test");
const HOUR_MS = 3_600_000;
const url = process.env.COUCHDB_URL;
for (const engine of url ? ["embedded", "CouchDB"] : ["embedded"]) onEngine(engine);

function onEngine(engine: string) {
  const test = suite<{
    stand: Stand;
    cookie: string;
    tenant: TenantName;
    gateway: TestGateway;
    other: TenantName;
  }>(`from sites on ${engine}`);
  let drawn = 0;
  const fresh = () => `q-${String((drawn += 1)).padStart(16, "0")}`;

  test.before(async (context) => {
    const stand = await openStand(engine === "CouchDB" ? url : undefined);
    const [tenant, other] = [stand.tenant("river"), stand.tenant("hill")] as TenantName[];
    await load(stand.hub.hub, loadExample(tenant as string));
    await load(stand.hub.hub, loadExample(other as string));
    const cookie = await stand.operator("olga@example.org", "Acme");
    const gateway = await stand.enrolled(tenant as string);
    Object.assign(context, { stand, cookie, tenant, other, gateway });
  });
  test.after(async ({ stand }) => stand.close());

  type Context = Parameters<Parameters<typeof test>[1]>[0];

  /** What the gateway wrote, brought to the hub as it brings it; resolves with the hub's answers by request. */
  async function asks(
    { stand, gateway, tenant }: Context,
    requests: readonly {
      kind: string;
      asked: object;
      by?: string;
      sealed?: string;
      seenAt?: string;
      at?: string;
      requestId?: string;
      tenant?: TenantName;
    }[],
  ) {
    const { hub } = stand.hub;
    const at = new Date(hub.clock.now()).toISOString();
    const docs = requests.map((one) => {
      const { requestId = fresh(), by = "installer", seenAt = at, tenant: _, ...rest } = one;
      return {
        _id: `e:${gateway.id}:request:${requestId}`,
        _rev: `1-${"a".repeat(32)}`,
        type: "request",
        v: 1,
        writer: gateway.id,
        at,
        requestId,
        by,
        seenAt,
        ...rest,
      };
    });
    const name = databaseName.events(tenant, monthOf(hub.clock.now()));
    const pushed = await stand.ask("POST", `/sync/${name}/_bulk_docs`, {
      headers: { authorization: `Bearer ${await stand.token(gateway)}` },
      body: { docs, new_edits: false },
    });
    assert.is(pushed.status, 201, pushed.text);
    assert.equal(pushed.json, [], "none was refused");
    await stand.hub.caughtUp();
    const answers = new Map<string, Loose>();
    for await (const one of hub.events.read(tenant, "answer")) answers.set(one.requestId, one);
    return docs.map(({ requestId }) => answers.get(requestId));
  }
  const unitNamed = async ({ stand, tenant }: Context, name: string, of = tenant) => {
    const { hub } = stand.hub;
    const community = (await hub.communities.list(scope)).find((one) => one.tenant === of);
    const units = await hub.units.units.list(scope, community?.communityId);
    return units.find((one) => one.name === name)?.unitId as UnitId;
  };
  const device = ({ stand }: Context, id: string) => stand.hub.hub.devices.find(scope, id);
  const installation = (n: number) => `i-${String(n).padStart(16, "0")}` as InstallationId;

  test("a mount is done once, however often it is told", async (context) => {
    const { stand, tenant, cookie } = context;
    const unitId = await unitNamed(context, "1A");
    const deviceId = devEui(tenant, 2);
    const from = new Date(stand.clock.now() - HOUR_MS).toISOString();
    const requestId = fresh();
    const asked = {
      installationId: installation(1),
      deviceId,
      unitId,
      from,
      startIndex: "4.5",
      indexUnit: "m3",
    };
    const [answer] = await asks(context, [{ kind: "mount", asked, requestId }]);
    assert.is(answer?.outcome, "done", JSON.stringify(answer));
    const [again] = await asks(context, [{ kind: "mount", asked, requestId }]);
    assert.equal(again, answer);
    const [same] = await asks(context, [{ kind: "mount", asked }]);
    assert.is(same?.outcome, "done-already");
    const { installations } = await device(context, deviceId);
    assert.is(installations.filter((one) => one.unitId === unitId).length, 1);
    assert.is(installations.length, 2, "the home it was in before ended then");
    const audit = await stand.ask("GET", "/api/v1/audit?limit=200&what=site.mount", { cookie });
    assert.equal(
      audit.json.data
        .map((row: Loose) => `${row.result} ${row.by.id}`)
        .toSorted((a: string, b: string) => (a < b ? -1 : 1)),
      [`done-already ${context.gateway.id}`, `ok ${context.gateway.id}`],
    );
  });

  test("a device that was registered at a gateway another machine stands for by now answers to that one", async (context) => {
    const { stand, tenant } = context;
    const { hub } = stand.hub;
    const [old, middle, last] = [
      await stand.enrolled(tenant),
      await stand.enrolled(tenant),
      await stand.enrolled(tenant),
    ];
    for (const [id, replaces] of [
      [middle.id, old.id],
      [last.id, middle.id],
    ] as const)
      await hub.gateways.change(scope, id, (doc) => ({ ...doc, replaces }));
    const requestId = fresh();
    const at = new Date(stand.clock.now()).toISOString();
    const deviceId = devEui(tenant, 77) as DeviceId;
    const events = await hub.databases.open(
      databaseName.events(tenant, monthOf(stand.clock.now())),
    );
    // It arrived, and the hub stopped before it looked at it.
    await events.put({
      _id: `e:${old.id}:request:${requestId}`,
      type: "request",
      v: 1,
      writer: old.id,
      at,
      requestId,
      kind: "register",
      by: "installer",
      seenAt: at,
      asked: { deviceId, name: "Late", model: "milesight/em300-th", from: at },
      sealed: await new CompactEncrypt(
        new TextEncoder().encode(
          JSON.stringify({
            devices: {
              [deviceId]: { joinEui: "0000000000000001", appKey: KEY, macVersion: "1.0" },
            },
          }),
        ),
      )
        .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
        .encrypt(await importJWK(hub.secrets.sealing.publicJwk, "ECDH-ES+A256KW")),
    });
    await withdraw(hub, scope, old.id, "replaced");
    await withdraw(hub, scope, middle.id, "replaced");
    await stand.restart();
    await stand.hub.caughtUp();
    assert.is((await device(context, deviceId)).homeGateway, last.id);
    await withdraw(stand.hub.hub, scope, last.id, "revoked");
  });

  test("an answer is of one life of the hub's data: what an earlier one answered stays answered, and a later one says it under another name", async (context) => {
    const { stand, tenant } = context;
    const { hub } = stand.hub;
    const asked = {
      deviceId: devEui(tenant, 2),
      unitId: await unitNamed(context, "1B"),
      to: new Date(stand.clock.now()).toISOString(),
    };
    const [first] = await asks(context, [{ kind: "unmount", asked }]);
    assert.ok(first?._id.endsWith(`:${hub.life.id}`), first?._id);
    const requestId = fresh();
    const at = new Date(stand.clock.now()).toISOString();
    const events = await hub.databases.open(
      databaseName.events(tenant, monthOf(stand.clock.now())),
    );
    const earlier = { type: "answer", v: 1, writer: hub.events.writer, at, requestId } as const;
    const name = `e:${hub.events.writer}:answer:${requestId}:0123456789abcdef`;
    await events.put({ ...earlier, _id: name, outcome: "refused" });
    const [again] = await asks(context, [{ kind: "unmount", asked, requestId }]);
    assert.is(again?._id, name, "it was answered before");
  });

  test("what the hub changed since the installer saw it stands", async (context) => {
    const { stand, tenant, cookie } = context;
    const deviceId = devEui(tenant, 2);
    const there = await unitNamed(context, "1A");
    const elsewhere = await unitNamed(context, "1B");
    const seenAt = new Date(stand.clock.now()).toISOString();
    await stand.clock.advance(60_000);
    await stand.ask("DELETE", `/api/v1/devices/${deviceId}/assign`, { cookie });
    await stand.clock.advance(60_000);
    const assigned = await stand.ask("PUT", `/api/v1/devices/${deviceId}/assign`, {
      cookie,
      body: { unit_id: elsewhere },
    });
    assert.is(assigned.status, 200, assigned.text);
    await stand.clock.advance(60_000);
    const at = new Date(stand.clock.now()).toISOString();
    const [mount, unmount] = await asks(context, [
      {
        kind: "mount",
        asked: { installationId: installation(2), deviceId, unitId: there, from: at },
        seenAt,
      },
      { kind: "unmount", asked: { deviceId, unitId: there, to: at }, seenAt },
    ]);
    assert.equal([mount?.outcome, unmount?.outcome], ["changed-meanwhile", "changed-meanwhile"]);
    assert.is((await device(context, deviceId)).installations.at(-1)?.unitId, elsewhere);
  });

  test("a device that moved on to another community is not taken down by the one it came from", async (context) => {
    const { hub } = context.stand.hub;
    const communities = await hub.communities.list(scope);
    const ours = communities.find((one) => one.tenant === context.tenant);
    const deviceId = devEui(context.other, 1);
    const before = await device(context, deviceId);
    const [now] = before.held;
    const once = {
      communityId: ours?.communityId as Loose,
      from: "2020-01-01T00:00:00.000Z",
      to: "2020-02-01T00:00:00.000Z",
    };
    await hub.devices.save(scope, ours?.organizationId as Loose, [
      { ...before, held: [once, ...before.held] },
    ]);
    const to = new Date(context.stand.clock.now()).toISOString();
    const unitId = before.installations[0]?.unitId;
    const [answer] = await asks(context, [{ kind: "unmount", asked: { deviceId, unitId, to } }]);
    assert.is(answer?.outcome, "changed-meanwhile", JSON.stringify(answer));
    const after = await device(context, deviceId);
    assert.equal(after.installations, before.installations);
    await hub.devices.save(scope, ours?.organizationId as Loose, [
      { ...after, held: now ? [now] : [] },
    ]);
  });

  test("a gateway asks for its own community and no other, and for what it knows", async (context) => {
    const { tenant, other } = context;
    const from = new Date(context.stand.clock.now()).toISOString();
    const own = await unitNamed(context, "1B");
    const foreign = await unitNamed(context, "1B", other);
    const mount = (deviceId: string, unitId: UnitId) => ({
      kind: "mount",
      asked: { installationId: installation(9), deviceId, unitId, from },
    });
    const found = await asks(context, [
      mount(devEui(other, 1), own),
      mount(devEui(tenant, 1), foreign),
      mount("0badc0de0badc0de", own),
      { kind: "unmount", asked: { deviceId: devEui(other, 1), unitId: foreign, to: from } },
      { kind: "register", asked: { deviceId: devEui(other, 1), name: "Mine", from } },
      { kind: "register", asked: { deviceId: devEui(tenant, 1), name: "Ours", from } },
      { kind: "resident-settings", asked: { hours: true }, by: "r-0000000000000000" },
      { kind: "resident-settings", asked: { hours: true } },
      { kind: "mount", asked: { deviceId: devEui(tenant, 1) } },
      { kind: "self-destruct", asked: {} },
      {
        kind: "register",
        asked: { deviceId: "70b3d57ed00b0001", name: "Odd", from },
        sealed: "a.b.c.d.e",
      },
    ]);
    assert.equal(
      found.map((one) => one?.outcome),
      [
        "refused",
        "refused",
        "refused",
        "refused",
        "refused",
        "done-already",
        "refused",
        "refused",
        "refused",
        "refused",
        "refused",
      ],
    );
    assert.equal((await device(context, devEui(other, 1))).installations.length, 1);
    assert.not.ok(JSON.stringify(found).includes(other));
  });

  test("of what a resident set twice the later stands, in whatever order it comes, from whichever gateway", async (context) => {
    const { stand, tenant } = context;
    const { hub } = stand.hub;
    const scope = systemScope("test");
    const community = (await hub.communities.list(scope)).find((one) => one.tenant === tenant);
    const [resident] = (await hub.residents.list(scope)).filter(
      ({ communityId }) => communityId === community?.communityId,
    );
    const residentId = resident?.residentId as ResidentId;
    const nowMs = stand.clock.now();
    const at = (minutes: number) => new Date(nowMs + minutes * 60_000).toISOString();
    const sets = (minutes: number, asked: object, seenAt = at(-300)) => ({
      kind: "resident-settings",
      by: residentId as string,
      at: at(minutes),
      seenAt,
      asked,
    });
    const now = async () => {
      const { hoursAgreedAt, personId } = await hub.residents.find(scope, residentId);
      const person = (await hub.people.list(scope)).find((one) => one.personId === personId);
      return [hoursAgreedAt ?? null, person?.language];
    };
    const outcome = async (...asked: ReturnType<typeof sets>[]) =>
      (await asks(context, asked)).map((one) => one?.outcome);

    assert.equal(await outcome(sets(-60, { hours: false, language: "fr" })), ["done"]);
    // Set before, and here after it.
    assert.equal(await outcome(sets(-90, { hours: true, language: "de" })), ["changed-meanwhile"]);
    assert.equal(await now(), [null, "fr"]);
    assert.equal(await outcome(sets(-30, { hours: true })), ["done"]);
    assert.equal(await now(), [at(-30), "fr"]);
    // By a clock that is a year ahead: as if it were said now, and not for a year.
    assert.equal(await outcome(sets(60 * 24 * 365, { language: "de" })), ["done"]);
    await stand.clock.advance(60_000);
    assert.equal(await outcome(sets(1, { language: "en" })), ["done"]);
    assert.equal(await now(), [at(-30), "en"]);
  });

  test("a device that was registered at the site is the community's from then on, and its key is nowhere in the clear", async (context) => {
    const { stand, gateway, tenant, cookie } = context;
    const { hub } = stand.hub;
    const deviceId = "70b3d57ed00b0002";
    const from = new Date(stand.clock.now() - HOUR_MS).toISOString();
    const keys = { joinEui: "0000000000000001", appKey: KEY, macVersion: "1.0" };
    const sealed = await new CompactEncrypt(
      new TextEncoder().encode(JSON.stringify({ devices: { [deviceId]: keys } })),
    )
      .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
      .encrypt(await importJWK(hub.secrets.sealing.publicJwk, "ECDH-ES+A256KW"));
    const asked = { deviceId, name: "Boiler", kind: "heat", from };
    const [answer] = await asks(context, [{ kind: "register", asked, sealed }]);
    assert.is(answer?.outcome, "done", JSON.stringify(answer));
    const doc = await device(context, deviceId);
    assert.equal(
      [doc.name, doc.kind, doc.homeGateway, doc.held.at(-1)?.from],
      ["Boiler", "heat", gateway.id, from],
    );
    const site = await hub.databases.open(databaseName.site(tenant, 1));
    assert.ok(await site.get(`keys:${gateway.id}`), "its key went down to its gateway, sealed");
    const audit = await stand.ask("GET", "/api/v1/audit?limit=200", { cookie });
    assert.not.ok(`${audit.text}${stand.logged.join("")}`.toLowerCase().includes(KEY));
  });

  test("an answer that was lost in a crash is given when the gateway says that it waits", async (context) => {
    const { stand, tenant, gateway } = context;
    const { hub } = stand.hub;
    const requestId = fresh();
    const at = new Date(stand.clock.now()).toISOString();
    // Past the door: as if the hub had ended between taking it and answering.
    const events = await hub.databases.open(
      databaseName.events(tenant, monthOf(stand.clock.now())),
    );
    await events.put({
      _id: `e:${gateway.id}:request:${requestId}`,
      type: "request",
      v: 1,
      writer: gateway.id,
      at,
      requestId,
      kind: "unmount",
      by: "installer",
      seenAt: at,
      asked: { deviceId: devEui(tenant, 1), unitId: await unitNamed(context, "1A"), to: at },
    });
    const report = {
      version: "1",
      epoch: "00000001-0123456789abcdef",
      startedAt: at,
      connectedSince: at,
      lastSuccessAt: null,
      lastError: null,
      waiting: 0,
      waitingBytes: 0,
      completeUntil: null,
      etaMs: null,
      denied: 0,
      asked: 1,
      sites: {},
      holds: [tenant],
    };
    const watched = await stand.ask("POST", "/api/v1/gateways/watch", {
      headers: { authorization: `Bearer ${await stand.token(gateway)}` },
      body: { version: null, waitMs: 0, report },
    });
    assert.is(watched.status, 200, watched.text);
    await stand.hub.caughtUp();
    const answers: Loose[] = [];
    for await (const one of hub.events.read(tenant, "answer"))
      if (one.requestId === requestId) answers.push(one);
    assert.equal(
      answers.map(({ outcome }) => outcome),
      ["done"],
    );
  });

  test("work that a wrong clock puts into the future was done now, and stands in the audit now", async (context) => {
    const { stand, tenant, cookie } = context;
    const deviceId = devEui(tenant, 1);
    const unitId = await unitNamed(context, "1B");
    const nowMs = stand.clock.now();
    const from = new Date(nowMs + 365 * 24 * HOUR_MS).toISOString();
    const asked = { installationId: installation(3), deviceId, unitId, from };
    const [answer] = await asks(context, [{ kind: "mount", asked }]);
    assert.is(answer?.outcome, "done", JSON.stringify(answer));
    const mounted = (await device(context, deviceId)).installations.at(-1);
    assert.equal([mounted?.unitId, mounted?.from], [unitId, new Date(nowMs).toISOString()]);
    const audit = await stand.ask("GET", "/api/v1/audit?limit=200&what=site.mount", { cookie });
    assert.ok(audit.json.data.every((row: Loose) => Date.parse(row.at) <= nowMs));
  });

  test("work under a clock that was behind was done when it should have shown, or now", async (context) => {
    const { stand, tenant, gateway } = context;
    const deviceId = devEui(tenant, 1);
    const unitId = await unitNamed(context, "1B");
    const ago = (hours: number) => new Date(stand.clock.now() - hours * HOUR_MS).toISOString();
    await stand.clock.advance(4 * HOUR_MS);
    const at = "1970-01-01T02:00:00.000Z";
    const behind = { at, seenAt: ago(1) };
    const [away] = await asks(context, [
      { kind: "unmount", asked: { deviceId, unitId, to: at }, ...behind },
    ]);
    assert.is(away?.outcome, "done", JSON.stringify(away));
    assert.is((await device(context, deviceId)).installations.at(-1)?.to, ago(0));

    await stand.clock.advance(4 * HOUR_MS);
    const epoch = "00000007-0123456789abcdef";
    const addMs = Date.parse(ago(2)) - Date.parse(at);
    const correction = {
      _id: `e:${gateway.id}:clock:${epoch}`,
      _rev: `1-${"a".repeat(32)}`,
      type: "clock",
      v: 1,
      writer: gateway.id,
      epoch,
      addMs,
      evidence: "hub",
      at: ago(0),
    };
    const name = databaseName.events(tenant, monthOf(stand.clock.now()));
    const pushed = await stand.ask("POST", `/sync/${name}/_bulk_docs`, {
      headers: { authorization: `Bearer ${await stand.token(gateway)}` },
      body: { docs: [correction], new_edits: false },
    });
    assert.equal(pushed.json, []);
    const asked = { installationId: installation(4), deviceId, unitId, from: at };
    const [there] = await asks(context, [{ kind: "mount", asked, at, seenAt: ago(3) }]);
    assert.is(there?.outcome, "done", JSON.stringify(there));
    assert.is((await device(context, deviceId)).installations.at(-1)?.from, ago(2));
    // What somebody told themselves stands.
    const [told] = await asks(context, [
      { kind: "unmount", asked: { deviceId, unitId, to: ago(1) }, at, seenAt: ago(3) },
    ]);
    assert.is(told?.outcome, "done", JSON.stringify(told));
    assert.is((await device(context, deviceId)).installations.at(-1)?.to, ago(1));
  });

  test("an archived community's requests are refused in words, and hold up nobody's", async (context) => {
    const { stand, tenant, cookie } = context;
    const archive = (archived: boolean) =>
      stand.ask(archived ? "POST" : "DELETE", `/api/v1/customers/${tenant}/archive`, { cookie });
    const archived = await archive(true);
    assert.ok(archived.status < 300, archived.text);
    const at = new Date(stand.clock.now()).toISOString();
    const asked = { deviceId: devEui(tenant, 1), unitId: await unitNamed(context, "1B"), to: at };
    const found = await asks(context, [
      { kind: "unmount", asked },
      { kind: "self-destruct", asked: {} },
    ]);
    assert.equal(
      found.map((one) => one?.outcome),
      ["refused", "refused"],
    );
    assert.ok((await archive(false)).status < 300);
  });

  test("sign-ins at the site stand in the audit once, with their own time", async (context) => {
    const { stand, tenant, gateway, cookie } = context;
    const at = new Date(stand.clock.now() - 5 * 24 * HOUR_MS).toISOString();
    const doc = {
      _id: `e:${gateway.id}:site-sign-in:one`,
      _rev: `1-${"a".repeat(32)}`,
      type: "site-sign-in",
      v: 1,
      writer: gateway.id,
      at,
      by: "unknown",
      way: "access-code",
      result: "refused",
      count: 7,
    };
    const name = databaseName.events(tenant, monthOf(stand.clock.now()));
    await stand.ask("POST", `/sync/${name}/_bulk_docs`, {
      headers: { authorization: `Bearer ${await stand.token(gateway)}` },
      body: { docs: [doc], new_edits: false },
    });
    await stand.hub.caughtUp();
    await stand.restart();
    await stand.hub.caughtUp();
    const audit = await stand.ask("GET", "/api/v1/audit?limit=200&what=site.sign-in", { cookie });
    assert.equal(
      audit.json.data.map((row: Loose) => [row.at, row.result, row.after.count]),
      [[at, "refused", 7]],
    );
  });

  test.run();
}
