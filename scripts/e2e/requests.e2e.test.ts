/**
 * What is asked for at the site acts there at once, also without the hub; the hub answers when it is
 * there again, once, and its word stands.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { installer } from "./installer.ts";
import { openTown } from "./small-town.ts";

export const timeoutMs = 90_000;
const STRANGER = "70b3d57ed00a0001";
const APP_KEY = "000102030405060708090a0b0c0d0e0f";
const id = (text: string) => `q-${text.padEnd(16, "0")}`;

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

test("a meter that an installer registers and mounts is at work there at once, and on the hub when it answers", async () => {
  const town = await openTown();
  const { ask, edge, tenant, soon } = town;
  try {
    const setup = await installer(edge.url, edge.setupCode.shown);
    const { data: homes } = await ask("GET", `/units?community=${tenant}`);
    const [home, other] = homes;
    const site = async () => (await setup("GET", "/site")).json.data.communities[0];
    const label = await setup("POST", "/label", {
      text: `LW:D0:70B3D57ED0000000:${STRANGER.toUpperCase()}:AABB1122:SX-100`,
    });
    assert.is(label.json.data.dev_eui, STRANGER);

    const register = {
      id: id("register"),
      tenant,
      kind: "register",
      dev_eui: STRANGER.toUpperCase(),
      name: "Kitchen",
      measures: "cold_water",
      join_eui: label.json.data.join_eui,
      app_key: APP_KEY,
    };
    assert.is((await setup("POST", "/requests", register)).json.data.state, "waiting");
    const mount = {
      id: id("mount"),
      tenant,
      kind: "mount",
      dev_eui: STRANGER,
      unit_id: home.id,
      start_index: "12.345",
      index_unit: "m3",
    };
    const first = (await setup("POST", "/requests", mount)).json;
    assert.is(first.data?.kind, "mount", JSON.stringify(first));
    const again = (await setup("POST", "/requests", mount)).json.data;
    assert.is(again.at, first.data.at, "the same again is the one that is there");
    const changed = await setup("POST", "/requests", { ...mount, unit_id: other.id });
    assert.is(changed.status, 409);
    const here = (await site()).devices.find((one: Json) => one.id === STRANGER);
    assert.equal([here.name, here.unit_id], ["Kitchen", home.id], "it acts at once");

    await soon("the hub's answers", async () => {
      const { requests } = await site();
      return requests.length === 2 && requests.every((one: Json) => one.state === "done");
    });
    const { data: device } = await ask("GET", `/devices/${STRANGER}`);
    assert.is(device.device_name, "Kitchen");
    const { data: held } = await ask("GET", `/devices/${STRANGER}/assignments`);
    assert.is(held.length, 1);
    assert.equal([held[0].start_index, held[0].unit.id], ["12.345", home.id]);
    const audit = await ask("GET", "/audit?limit=100");
    const rows = audit.data.filter((row: Json) => row.what.startsWith("site."));
    assert.equal(
      rows
        .filter((row: Json) => row.what !== "site.sign-in")
        .map((row: Json) => [row.what, row.result]),
      [
        ["site.mount", "ok"],
        ["site.register", "ok"],
      ],
    );
    assert.not.ok(JSON.stringify(audit).includes(APP_KEY));
    // The key came with it, for this gateway alone: the site that came down holds it sealed.
    await soon("the projected site", async () => {
      const { projected_at: projectedAt } = (await setup("GET", "/state")).json.data.communities[0];
      const { requests } = await site();
      return requests.every((one: Json) => one.answered_at <= projectedAt);
    });
    const there = (await site()).devices.find((one: Json) => one.id === STRANGER);
    assert.equal([there.name, there.unit_id], ["Kitchen", home.id]);
  } finally {
    await town.end();
  }
});

test("what the hub has changed meanwhile stands, and whoever asked is told why", async () => {
  const town = await openTown();
  const { ask, edge, tenant, soon, meter } = town;
  try {
    const setup = await installer(edge.url, edge.setupCode.shown);
    const site = async () => (await setup("GET", "/site")).json.data.communities[0];
    const homes = (await ask("GET", `/units?community=${tenant}`)).data;
    const before = (await site()).devices.find((one: Json) => one.id === meter);
    const elsewhere = homes.find((one: Json) => one.id !== before.unit_id);
    const state = async (which: string) =>
      (await site()).requests.find((one: Json) => one.id === id(which))?.state;

    assert.is(
      (
        await setup("POST", "/requests", {
          id: id("gone"),
          tenant,
          kind: "mount",
          dev_eui: meter,
          unit_id: "u-0000000000000000",
        })
      ).status,
      404,
      "a home that is not there",
    );
    assert.is(
      (
        await setup("POST", "/requests", {
          id: id("who"),
          tenant: "nobody",
          kind: "unmount",
          dev_eui: meter,
          unit_id: before.unit_id,
        })
      ).status,
      404,
    );
    const out = { id: id("out"), tenant, kind: "unmount", dev_eui: meter, unit_id: before.unit_id };
    assert.is((await setup("POST", "/requests", out)).json.data.state, "waiting");
    assert.is((await site()).devices.find((one: Json) => one.id === meter).unit_id, null);
    await soon("the answer", async () => (await state("out")) === "done");
    // The operator mounts it elsewhere while the line is cut: the installer cannot see that.
    town.line.weather = { kind: "down" };
    town.line.cut();
    await ask("PUT", `/devices/${meter}/assign`, { unit_id: elsewhere.id });
    const seen = await setup("POST", "/requests", {
      id: id("late"),
      tenant,
      kind: "mount",
      dev_eui: meter,
      unit_id: before.unit_id,
    });
    assert.is(seen.status, 200, JSON.stringify(seen.json));
    assert.is((await site()).devices.find((one: Json) => one.id === meter).unit_id, before.unit_id);
    town.line.weather = { kind: "fair" };
    const late = await soon("the hub's word", async () => {
      const one = (await site()).requests.find((row: Json) => row.id === id("late"));
      return one.state === "waiting" ? undefined : one;
    });
    assert.is(late.state, "changed-meanwhile");
    assert.match(late.says, "What the hub has stands");
    await soon("the hub's home", async () => {
      const now = (await site()).devices.find((one: Json) => one.id === meter);
      return now.unit_id === elsewhere.id;
    });
  } finally {
    await town.end();
  }
});

test("what a resident sets on the gateway while the hub is away holds at once, and is the hub's own later", async () => {
  const town = await openTown();
  const { ask, edge, tenant, soon, codes } = town;
  try {
    await ask("PATCH", `/customers/${tenant}`, { hourly_detail: "consent" });
    const code = codes.find(({ ref }) => ref === "ben")!.code;
    const say = async (method: string, path: string, cookie: string, body?: unknown) => {
      const answer = await fetch(`${edge.url}/api/v1${path}`, {
        method,
        headers: { cookie, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const [set] = answer.headers.getSetCookie();
      return { cookie: set?.split(";")[0] ?? "", json: await answer.json() };
    };
    assert.is(
      (await say("POST", "/sign-in", "", { code: "AAAA-BBBB-CCCC-DDDD" })).json.status,
      401,
    );
    const { cookie } = await say("POST", "/sign-in", "", { code });
    const settings = async () => (await say("GET", "/me/settings", cookie)).json.data;
    await soon("the community asks its residents", async () => (await settings()).hours.is_asked);
    town.line.weather = { kind: "down" };
    town.line.cut();
    const set = await say("PUT", "/me/settings", cookie, { language: "fr", hours: true });
    assert.equal(set.json.data, {
      language: "fr",
      hours: { is_asked: true, is_agreed: true },
      is_waiting: true,
      is_refused: false,
    });
    assert.is((await say("GET", "/me", cookie)).json.data.language, "fr");
    town.line.weather = { kind: "fair" };
    await soon("the hub's answer", async () => !(await settings()).is_waiting);
    assert.equal(await settings(), {
      language: "fr",
      hours: { is_asked: true, is_agreed: true },
      is_waiting: false,
      is_refused: false,
    });
    const { data: people } = await ask("GET", "/people?q=Fitzwilliam");
    assert.is(people[0].language, "fr");
    await soon("the sign-in in the audit", async () => {
      const { data } = await ask("GET", "/audit?limit=100");
      const what = data.filter((row: Json) => row.from === "site").map((row: Json) => row.what);
      return what.includes("site.sign-in") && what.includes("site.resident-settings");
    });
  } finally {
    await town.end();
  }
});

test.run();
