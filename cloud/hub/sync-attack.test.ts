import { createHmac, generateKeyPairSync } from "node:crypto";
import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { SignJWT, UnsecuredJWT } from "jose";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { TenantName } from "#shared/model/ids.ts";
import { type Stand, standings } from "./sync-stand.ts";

const EPOCH = "00000001-0123456789abcdef";
const REV_A = "1-0000000000000000000000000000000a";
const REV_B = "1-f000000000000000000000000000000b";

interface Answer {
  readonly status: number;
  readonly text: string;
}

for (const { label, open } of standings(process.env.COUCHDB_URL)) {
  const test = suite(`attacks on ${label}`);
  let stand: Stand;
  let tele: string;
  let foreign: string;
  let events: string;
  let site: string;
  let health: string;

  test.before(async () => {
    stand = await open();
    tele = `t-${stand.foo}-tele-202611`;
    foreign = `t-${stand.fooSite}-tele-202611`;
    events = `t-${stand.foo}-events-202611`;
    site = `t-${stand.foo}-site-1`;
    health = `g-${stand.own}`;
    for (const name of [tele, foreign, events, site, health, `g-${stand.other}`]) {
      const db = await stand.engine.databases.open(name);
      await db.put({ _id: "secret", v: 1, type: "note", gatewayId: "x" });
    }
  });
  test.after(async () => stand.stop());

  /** A request whose path goes over the wire as it stands here, for those that `fetch` would tidy up. */
  function raw(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Answer> {
    const { port } = new URL(stand.url);
    return new Promise((resolve, reject) => {
      const asked = request(
        { method, path, headers, port, host: "127.0.0.1", agent: false },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8");
          answer.on("data", (chunk: string) => (text += chunk));
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        },
      );
      asked.on("error", reject);
      asked.end(body);
    });
  }
  const push = (name: string, doc: object, token?: string) => pushAll(name, [doc], token);
  async function pushAll(name: string, docs: object[], token?: string) {
    const answer = await stand.ask("POST", `/${name}/_bulk_docs`, token ?? (await stand.token()), {
      docs,
      new_edits: false,
    });
    return {
      status: answer.status,
      told: (await answer.json()) as { id?: string; error?: string }[],
    };
  }
  const segment = (seq: number | string, more: object = {}) => ({
    _id: `s:${stand.own}:${EPOCH}:${String(seq).padStart(8, "0")}`,
    _rev: REV_A,
    ...whole(seq),
    ...more,
  });
  /** All that a segment has to say, so that what is refused is refused for what a test did to it. */
  const whole = (seq: number | string) => ({
    type: "segment",
    v: 1,
    writer: stand.own,
    epoch: EPOCH,
    seq,
    prev: null,
    count: 1,
    before: 0,
    digest: "d".repeat(43),
    columns: "",
  });
  async function isForbidden(
    name: string,
    doc: { _id: string; [field: string]: unknown },
  ): Promise<void> {
    const before = await stand.engine.databases.openExisting(name).then((db) => db?.ids());
    const { status, told } = await push(name, doc);
    assert.is(status, 201);
    assert.equal(
      told.map(({ id, error }) => ({ id, error })),
      [{ id: doc._id, error: "forbidden" }],
      JSON.stringify(doc),
    );
    assert.equal(await stand.engine.databases.openExisting(name).then((db) => db?.ids()), before);
  }

  test("without a token, and with one that is none, everything is 401", async () => {
    for (const path of ["", "/", `/${tele}`, `/${tele}/_changes`, "/_users", "/nothing"]) {
      for (const token of [undefined, "x", "a.b.c", "ey.ey.ey"]) {
        const answer = await stand.ask("GET", path, token);
        assert.is(answer.status, 401, path);
        assert.is(((await answer.json()) as { error: string }).error, "unauthorized");
      }
    }
    const basic = `Basic ${Buffer.from("admin:relax-here").toString("base64")}`;
    assert.is((await raw("GET", `/sync/${tele}`, { authorization: basic })).status, 401);
  });

  test("a token that is expired, of another key, unsigned, or signed with the public key is 401", async () => {
    const claims = {
      "_couchdb.roles": [`g:${stand.own}`, `t:${stand.foo}:gateway`, "_admin"],
      sub: stand.own,
    };
    const timed = {
      ...claims,
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 300,
    };
    const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = stand.keys.publicKey.export({ type: "spki", format: "pem" }) as string;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const confused = `${part({ alg: "HS256", kid: stand.kid })}.${part(timed)}`;
    const admin = new SignJWT(timed)
      .setProtectedHeader({ alg: "ES256", kid: stand.kid })
      .sign(stand.keys.privateKey);
    const tokens = {
      expired: await stand.token({ nowMs: Date.now() - 700_000 }),
      stranger: await stand.token({ key: stranger.privateKey }),
      "another kid": await stand.token({ kid: "none" }),
      unsigned: new UnsecuredJWT(timed).encode(),
      "public key as secret": `${confused}.${createHmac("sha256", pem).update(confused).digest("base64url")}`,
      "a role nobody gave": await admin,
    };
    for (const [what, token] of Object.entries(tokens))
      assert.is((await stand.ask("GET", `/${tele}`, token)).status, 401, what);
    assert.is(
      (await stand.ask("GET", `/${tele}`, await stand.token())).status,
      200,
      "a good token, for comparison",
    );
  });

  test("a foreign database, one that is not there and one that is no database are answered alike", async () => {
    const token = await stand.token();
    const paths = [
      foreign,
      `g-${stand.other}`,
      `t-${stand.fooSite}-site-1`,
      `t-${stand.foo}-tele-209901`,
      `t-${stand.foo}-site-2`,
      `t-nobody-tele-202611`,
      "riser",
      "local",
      "o-0123456789abcdef",
      "_users",
      "_all_dbs",
      "_replicator",
      "_session",
      "_node/_local/_config",
      `${tele}/_security`,
      `${tele}/_design/riser`,
      `${tele}/_design%2Friser`,
      `${tele}/_local_docs`,
      `${tele}/_purge`,
      `${tele}/_shards`,
      `${tele}/_find`,
      `${tele}/secret/attachment`,
    ];
    const answers = new Set<string>();
    for (const path of paths) {
      const answer = await stand.ask("GET", `/${path}`, token);
      assert.is(answer.status, 403, path);
      answers.add(`${await answer.text()} ${answer.headers.get("content-type")}`);
    }
    for (const method of ["PUT", "POST", "DELETE", "PATCH"])
      for (const path of [
        foreign,
        `t-${stand.foo}-tele-209901`,
        `g-${stand.other}`,
        "riser",
        "_users",
      ]) {
        const answer = await stand.ask(method, `/${path}`, token, {});
        assert.is(answer.status, 403, `${method} ${path}`);
        answers.add(`${await answer.text()} ${answer.headers.get("content-type")}`);
      }
    for (const path of [`${foreign}/_bulk_docs`, `t-${stand.foo}-tele-209901/_bulk_docs`]) {
      const answer = await stand.ask("POST", `/${path}`, token, {
        docs: [segment(1)],
        new_edits: false,
      });
      answers.add(`${await answer.text()} ${answer.headers.get("content-type")}`);
    }
    assert.is(answers.size, 1, [...answers].join("\n"));
    assert.is(await stand.engine.databases.openExisting(`t-${stand.foo}-tele-209901`), undefined);
  });

  test("names that are almost the gateway's own open nothing", async () => {
    const authorization = `Bearer ${await stand.token()}`;
    const tricks = [
      `/sync/${tele.toUpperCase()}`,
      `/sync/%74${tele.slice(1)}`,
      `/sync/${tele}%00`,
      `/sync/${tele}%2F..%2F${foreign}`,
      `/sync/${tele}/..%2F${foreign}`,
      `/sync/${tele}/../${foreign}`,
      `/sync/${tele}/%2e%2e/${foreign}`,
      `/sync/${tele}/..%2f..%2f_users`,
      `/sync/${tele}%2f_security`,
      `/sync//${tele}`,
      `/sync/./../sync/${foreign}`,
      `/sync/ ${tele}`.replace(" ", "%20"),
      `/sync/${tele}\\..\\${foreign}`,
      `/sync/${foreign}?db=${tele}`,
      `/sync/${foreign}#${tele}`,
      `/sync/t-${stand.foo}-tele-202613`,
      `/sync/t-${stand.foo}-tele-202611-tele-202611`,
    ];
    for (const path of tricks) {
      const { status, text } = await raw("GET", path, { authorization });
      assert.ok(
        status === 403 || status === 404 || status === 400,
        `${path} was answered ${status} ${text}`,
      );
      assert.not.match(text, "secret");
      assert.not.match(text, "doc_count");
    }
  });

  test("a slash at the end is the same database, and a document's slash stays in its name", async () => {
    const token = await stand.token();
    assert.is((await stand.ask("GET", `/${tele}/`, token)).status, 200);
    const db = await stand.engine.databases.open(tele);
    await db.put({ _id: "../../_users", v: 1 });
    const answer = await stand.ask("GET", `/${tele}/${encodeURIComponent("../../_users")}`, token);
    assert.is(((await answer.json()) as { _id: string })._id, "../../_users");
  });

  test("a gateway creates no database and says so only of its own", async () => {
    const token = await stand.token();
    assert.is((await stand.ask("PUT", `/${tele}`, token)).status, 412);
    assert.is((await stand.ask("PUT", `/t-${stand.foo}-tele-209901`, token)).status, 403);
    assert.is((await stand.ask("DELETE", `/${tele}`, token)).status, 403);
    assert.ok(await stand.engine.databases.openExisting(tele));
  });

  test("the community whose name begins like another's is another", async () => {
    const token = await stand.token({ gatewayId: stand.other, tenants: [stand.fooSite] });
    assert.is((await stand.ask("GET", `/${site}`, token)).status, 403);
    assert.is((await stand.ask("GET", `/${tele}`, token)).status, 403);
    assert.is((await stand.ask("GET", `/${foreign}`, token)).status, 200);
    const short = await stand.token({ tenants: [stand.foo.slice(0, -1) as TenantName] });
    assert.is((await stand.ask("GET", `/${tele}`, short)).status, 403);
  });

  test("a gateway writes its own segments, once", async () => {
    assert.equal(await push(tele, segment(1)), { status: 201, told: [] });
    assert.equal(
      await push(tele, segment(1)),
      { status: 201, told: [] },
      "the same again is no edit",
    );
    await isForbidden(tele, segment(1, { _rev: REV_B }));
    await isForbidden(tele, segment(1, { _rev: `2-${REV_B.slice(2)}` }));
    await isForbidden(
      tele,
      segment(1, {
        _rev: `2-${REV_B.slice(2)}`,
        _revisions: { start: 2, ids: [REV_B.slice(2), REV_A.slice(2)] },
      }),
    );
    await isForbidden(tele, segment(1, { _rev: `2-${REV_B.slice(2)}`, _deleted: true }));
    await isForbidden(tele, segment(2, { _deleted: true }));
    await isForbidden(tele, segment(3, { _rev: `2-${REV_B.slice(2)}` }));
    const twins = await pushAll(tele, [segment(4), segment(4, { _rev: REV_B })]);
    assert.equal(
      twins.told.map((one) => one.error),
      ["forbidden"],
    );
    const stored = await stand.engine.databases
      .openExisting(tele)
      .then((db) => db?.get(segment(1)._id));
    assert.is(stored?._rev, REV_A);
  });

  test("two who push different documents under one name at the same time do not both succeed", async () => {
    const both = await Promise.all([
      push(tele, segment(50)),
      push(tele, segment(50, { _rev: REV_B })),
    ]);
    assert.is(both.flatMap(({ told }) => told).length, 1);
  });

  test("an edit with the right revision, the usual way, is refused as well", async () => {
    await push(tele, segment(60));
    const doc = { ...segment(60), v: 2 };
    const answer = await stand.ask("POST", `/${tele}/_bulk_docs`, await stand.token(), {
      docs: [doc],
    });
    assert.equal(
      ((await answer.json()) as { error: string }[]).map((one) => one.error),
      ["forbidden"],
    );
    const blind = await stand.ask("POST", `/${tele}/_bulk_docs`, await stand.token(), {
      docs: [{ ...doc, _rev: undefined }],
    });
    assert.match(
      ((await blind.json()) as { error: string }[])[0]?.error ?? "",
      /forbidden|conflict/,
    );
    assert.is(
      (await stand.engine.databases.openExisting(tele).then((db) => db?.get(doc._id)))?.v,
      1,
    );
  });

  test("another writer's documents, other kinds and misshapen ones are refused", async () => {
    const theirs = segment(7)._id.replace(stand.own, stand.other);
    await isForbidden(tele, segment(7, { _id: theirs }));
    await isForbidden(tele, segment(7, { writer: stand.other }));
    await isForbidden(tele, segment(7, { type: "event" }));
    await isForbidden(tele, segment(7, { v: "1" }));
    for (const wrong of [
      { writer: undefined },
      { epoch: "00000002-0123456789abcdef" },
      { seq: 8 },
      { seq: "7" },
      { count: 0 },
      { count: 1.5 },
      { count: 1e300 },
      { before: -1 },
      { digest: "short" },
      { columns: 7 },
      { columns: "x".repeat(1_000_001) },
      { prev: "none" },
      { prev: { id: 1 } },
    ])
      await isForbidden(tele, segment(7, wrong));
    await isForbidden(tele, segment(7, { _id: "anything" }));
    await isForbidden(tele, segment("7:8"));
    await isForbidden(tele, segment("-1"));
    await isForbidden(
      tele,
      segment(7, { _attachments: { a: { data: "eA==", content_type: "text/plain" } } }),
    );
    await isForbidden(tele, { ...segment(7), _id: "_design/riser" });
    await isForbidden(tele, { ...segment(7), _id: "_local/x" });
  });

  test("events carry their writer, health its gateway; all else is the hub's", async () => {
    const event = {
      _id: `e:${stand.own}:site-sign-in:1`,
      _rev: REV_A,
      v: 1,
      type: "site-sign-in",
      writer: stand.own,
      at: "2026-11-26T08:00:00.000Z",
    };
    assert.equal((await push(events, event)).told, []);
    await isForbidden(events, { ...event, _rev: REV_B });
    await isForbidden(events, {
      ...event,
      _id: `e:${stand.own}:site-sign-in:2`,
      writer: stand.other,
    });
    await isForbidden(events, { ...event, _id: `e:${stand.other}:site-sign-in:2` });
    const answer = { ...event, _id: `e:${stand.own}:answer:2`, type: "answer" };
    await isForbidden(events, answer);
    await isForbidden(events, { ...event, _id: `e:${stand.own}:request:2` });
    await isForbidden(events, { ...event, _id: `e:${stand.own}:site-sign-in:2`, type: "note" });
    await isForbidden(events, { ...event, _id: `e:${stand.own}:site-sign-in:2`, at: "yesterday" });
    await isForbidden(events, {
      ...event,
      _id: `e:${stand.own}:site-sign-in:2`,
      after: { text: "x".repeat(1_000_001) },
    });
    const report = {
      _id: "health:x:2026112312",
      _rev: REV_A,
      v: 1,
      type: "health",
      gatewayId: stand.own,
    };
    assert.equal((await push(health, report)).told, []);
    const revised = {
      ...report,
      _rev: `2-${REV_B.slice(2)}`,
      _revisions: { start: 2, ids: [REV_B.slice(2), REV_A.slice(2)] },
    };
    assert.equal((await push(health, revised)).told, [], "health may be revised");
    await isForbidden(health, {
      ...report,
      _id: "health:y",
      gatewayId: stand.other,
    });
    await isForbidden(health, { ...report, _id: "other:y" });
    await isForbidden(health, {
      ...revised,
      _rev: `3-${REV_A.slice(2)}`,
      _deleted: true,
    });
    await isForbidden(site, { _id: "unit:1", _rev: REV_A, v: 1, type: "unit" });
    await isForbidden(site, segment(1));
  });

  test("hostile field names and shapes disturb nobody", async () => {
    const token = await stand.token();
    const odd = (seq: number, fields: string) =>
      JSON.parse(`${JSON.stringify(segment(seq)).slice(0, -1)},${fields}}`) as object;
    const names = odd(
      900,
      `"hasOwnProperty":1,"constructor":null,"toString":2,"then":3,"length":-1`,
    );
    const proto = odd(902, `"__proto__":{"x":1}`);
    const { told: refused } = await pushAll(tele, [names, proto, segment(901)]);
    assert.equal(
      refused.map(({ id, error }) => [id, error]),
      [[segment(902)._id, "forbidden"]],
    );
    const tele202611 = await stand.engine.databases.open(tele);
    assert.is((await tele202611.get(segment(900)._id))?.["then"], 3);
    assert.ok(await tele202611.get(segment(901)._id));
    const bodies: readonly [string, unknown][] = [
      ["_bulk_docs", { docs: "x" }],
      ["_bulk_docs", { docs: [], new_edits: "no" }],
      ["_bulk_docs", {}],
      ["_bulk_docs", "[]"],
      ["_bulk_docs", "null"],
      ["_bulk_docs", "{"],
      ["_revs_diff", { a: "x" }],
      ["_revs_diff", { a: [{}] }],
      ["_bulk_get", { docs: [null] }],
      ["_bulk_get", { docs: [{ id: {} }] }],
      ["_all_docs", { keys: [1] }],
      ["_changes", { doc_ids: "all" }],
    ];
    for (const [path, body] of bodies) {
      const answer = await stand.ask("POST", `/${tele}/${path}`, token, body);
      assert.is(answer.status, 400, `${path} ${JSON.stringify(body)} ${await answer.text()}`);
    }
    for (const docs of [
      [null],
      [1],
      ["x"],
      [[]],
      [{}],
      [{ _id: 1 }],
      [{ _id: "" }],
      [{ _id: "a", _rev: "x" }],
    ]) {
      const { told } = await pushAll(tele, docs as object[]);
      assert.is(told.length, 1, JSON.stringify(docs));
      assert.is(told[0]?.error, "forbidden");
    }
    for (const query of [
      "since=-1",
      "limit=x",
      "feed=continuous",
      "filter=_view",
      "since=%7B%7D",
      "heartbeat=-5",
    ]) {
      const { status } = await stand.ask("GET", `/${tele}/_changes?${query}`, token);
      assert.ok(
        status === 400 || (status === 503 && label === "CouchDB"),
        `${query} was answered ${status}`,
      );
    }
    assert.is((await stand.ask("GET", `/${tele}`, token)).status, 200);
  });

  test("bodies that are too large, too deep, or blow up are refused before anything is made of them", async () => {
    const token = await stand.token();
    const path = `/sync/${tele}/_bulk_docs`;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const told = await raw("POST", path, { ...headers, "content-length": "900000000" }, "{").catch(
      () => ({ status: 413 }),
    );
    assert.is(told.status, 413);
    const large = `{"docs":[{"_id":"a","x":"${"x".repeat(8_100_000)}"}]}`;
    assert.is(
      (await stand.ask("POST", `/${tele}/_bulk_docs`, token, large).catch(() => ({ status: 413 })))
        .status,
      413,
    );
    const bomb = gzipSync(Buffer.alloc(200_000_000, 0x20));
    const before = process.memoryUsage().rss;
    const blown = await fetch(`${stand.url}/${tele}/_bulk_docs`, {
      method: "POST",
      headers: { ...headers, "content-encoding": "gzip" },
      body: new Uint8Array(bomb),
    });
    assert.is(blown.status, 413);
    assert.ok(process.memoryUsage().rss - before < 100_000_000, "the bomb was not inflated");
    const deep = `{"docs":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    assert.is((await stand.ask("POST", `/${tele}/_bulk_docs`, token, deep)).status, 400);
    const notGzip = await fetch(`${stand.url}/${tele}/_bulk_docs`, {
      method: "POST",
      headers: { ...headers, "content-encoding": "gzip" },
      body: "{}",
    });
    assert.is(notGzip.status, 400);
    const checkpoint = { history: "x".repeat(70_000) };
    assert.is((await stand.ask("PUT", `/${tele}/_local/abc`, token, checkpoint)).status, 413);
    assert.is((await stand.ask("PUT", `/${tele}/_local/a%2Fb`, token, {})).status, 403);
  });

  test("a body that was begun before its gateway was revoked, and ends after it, writes nothing", async () => {
    const { port } = new URL(stand.url);
    const doc = segment(7_000);
    const text = JSON.stringify({ docs: [doc], new_edits: false });
    const asked = request({
      method: "POST",
      path: `/sync/${tele}/_bulk_docs`,
      headers: {
        authorization: `Bearer ${await stand.token()}`,
        "content-type": "application/json",
        "content-length": text.length,
      },
      port,
      host: "127.0.0.1",
      agent: false,
    });
    const answered = new Promise<number>((resolve, reject) => {
      asked.on("response", (answer) => resolve(answer.resume().statusCode ?? 0));
      asked.on("error", reject);
    });
    const before = stand.checked;
    asked.write(text.slice(0, 20));
    while (stand.checked === before) await new Promise((resolve) => setTimeout(resolve, 5));
    stand.revoked.add(stand.own);
    asked.end(text.slice(20));
    const status = await answered;
    stand.revoked.delete(stand.own);
    assert.is(status, 401);
    const database = await stand.engine.databases.open(tele);
    assert.is(await database.get(doc._id), undefined);
  });

  test("a feed that waits ends by itself in time, beats, and hears of a change at once", async () => {
    const token = await stand.token();
    const { update_seq } = (await (await stand.ask("GET", `/${tele}`, token)).json()) as {
      update_seq: string | number;
    };
    const since = encodeURIComponent(String(update_seq));
    const empty = await stand.ask(
      "GET",
      `/${tele}/_changes?feed=longpoll&timeout=1200&heartbeat=1000&since=${since}`,
      token,
    );
    const text = await empty.text();
    assert.equal((JSON.parse(text) as { results: object[] }).results, []);
    const waiting = stand.ask(
      "GET",
      `/${tele}/_changes?feed=longpoll&heartbeat=600000&since=${since}`,
      token,
    );
    await push(tele, segment(800));
    const heard = (await (await waiting).json()) as { results: { id: string }[] };
    assert.equal(
      heard.results.map((change) => change.id),
      [segment(800)._id],
    );
  });

  test("a feed does not outlive the token it was opened with", async () => {
    const token = await stand.token({ ttlMs: 2_000 });
    const now = (await (await stand.ask("GET", `/${tele}`, token)).json()) as {
      update_seq: string | number;
    };
    const since = encodeURIComponent(String(now.update_seq));
    const started = Date.now();
    await stand
      .ask("GET", `/${tele}/_changes?feed=longpoll&since=${since}`, token)
      .then((answer) => answer.text().catch(() => "cut off"))
      .catch(() => "cut off");
    assert.ok(Date.now() - started < 10_000, "the feed ended with its token");
  });

  test.run();
}
