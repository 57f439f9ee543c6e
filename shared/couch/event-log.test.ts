import { suite } from "uvu";
import * as assert from "uvu/assert";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName, WriterId } from "#shared/model/ids.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { eventLog } from "./event-log.ts";

const test = suite("event log");
const TENANT = "riverside" as TenantName;
const A = "gw-000000000000000a" as WriterId;
const B = "hub-0123456789abcdef" as WriterId;
const said = (count: number) => ({
  at: "2026-11-26T08:00:00.000Z",
  by: "unknown",
  way: "access-code" as const,
  result: "refused" as const,
  count,
});

test("what several writers wrote over several months is read, oldest month first, each once", async () => {
  const databases = openMemoryDatabases();
  let month = "202610";
  const damaged: string[] = [];
  const log = (writer: WriterId) =>
    eventLog({ databases, writer, month: () => month, onDamaged: (id) => damaged.push(id) });
  await log(A).append(TENANT, "site-sign-in", "1", said(1));
  await log(B).append(TENANT, "site-sign-in", "1", said(2));
  month = "202611";
  await log(A).append(TENANT, "site-sign-in", "2", said(3));
  // The same event again, by another run of the same process: once is once.
  await log(A).append(TENANT, "site-sign-in", "2", said(9));
  const other = "riverside-two" as TenantName;
  await log(A).append(other, "site-sign-in", "1", said(77));
  const here = await databases.open(databaseName.events(TENANT, month));
  await here.put({ _id: `e:${A}:site-sign-in:broken`, v: 1, type: "site-sign-in" });
  const all = async (options?: object) => {
    const counts: number[] = [];
    for await (const { count } of log(A).read(TENANT, "site-sign-in", options)) counts.push(count);
    return counts;
  };
  assert.equal(await all(), [1, 2, 3]);
  assert.equal(await all({ fromMonth: "202611" }), [3]);
  assert.equal(await all({ writer: B }), [2]);
  assert.ok(damaged.length > 0, "what cannot be read is told");
  for await (const request of log(A).read(TENANT, "request")) assert.unreachable(request._id);
  await databases.close();
});

test("an event of a wrong shape is not written at all", async () => {
  const databases = openMemoryDatabases();
  const log = eventLog({ databases, writer: A, month: () => "202611" });
  await log.append(TENANT, "site-sign-in", "1", { ...said(0) }).then(
    () => assert.unreachable(),
    () => undefined,
  );
  assert.equal(await databases.names(), []);
  await databases.close();
});

test.run();
