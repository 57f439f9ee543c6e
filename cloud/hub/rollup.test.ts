import { suite } from "uvu";
import * as assert from "uvu/assert";
import { monthOf } from "#shared/model/database-names.ts";
import type { DeviceId, Epoch } from "#shared/model/ids.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { devEui, loadExample, openStand, type Stand } from "#cloud/hub-stand.ts";
import { load } from "./load/load.ts";

const test = suite<{ stand: Stand }>("rollup of the hub");

test.before(async (context) => {
  context.stand = await openStand();
});
test.after(async ({ stand }) => {
  await stand.close();
});

const moments = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

test("a segment of this month is rolled up within seconds, though the next month is there already", async ({
  stand,
}) => {
  const tenant = stand.tenant("river");
  const cookie = await stand.operator("olga@example.org");
  await load(stand.hub.hub, loadExample(tenant));
  const gateway = await stand.enrolled(tenant);
  await stand.hub.caughtUp();
  for (let i = 0; i < 20; i++) await moments();

  const nowMs = stand.clock.now();
  const deviceId = devEui(tenant, 1) as DeviceId;
  const epoch = "00000001-0123456789abcdef" as Epoch;
  const place = { writer: gateway.id, epoch, seq: 0, prev: null, before: 0 };
  const segment = packSegment({ ...place, inbox: { from: 1, to: 1 } } as never, [
    keptUplink(nowMs - 5_000, 42, { deviceId }),
  ]);
  const headers = { authorization: `Bearer ${await stand.token(gateway)}` };
  const docs = [{ ...segment, _rev: `1-${"a".repeat(32)}` }];
  const path = `/sync/t-${tenant}-tele-${monthOf(nowMs)}/_bulk_docs`;
  const body = { docs, new_edits: false };
  assert.is((await stand.ask("POST", path, { headers, body })).status, 201);

  for (let i = 0; i < 60; i++) {
    await moments();
    if (i % 12 === 0) await stand.clock.advance(500);
  }
  assert.ok(stand.clock.now() - nowMs <= 3_000);
  const { data } = (await stand.ask("GET", `/api/v1/devices/${deviceId}`, { cookie })).json;
  assert.is(data.last_reading?.values[0].n, 42);
});

test.run();
