import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Database } from "#shared/couch/database.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import { recentUplinks } from "./recent-uplinks.ts";

/** A month that counts the documents it hands out, and has as many as anybody asks for. */
function endless() {
  let opened = 0;
  const month = {
    ids: async ({ from }: { from: string }) =>
      from === "s:" ? ["s:gw-0123456789abcdef:00000001-0123456789abcdef:00000000"] : [],
    list: async ({ limit }: { limit: number }) => {
      opened += limit;
      return Array.from({ length: limit }, () => ({ _id: "s:9", columns: "" }));
    },
  };
  return { month: month as unknown as Database, opened: () => opened };
}

test("a device that was never heard costs the same, however many months there are", async () => {
  const few = endless();
  await recentUplinks([few.month], "70b3d57ed0000001" as DeviceId, 50);
  const many = endless();
  const months = Array.from({ length: 24 }, () => many.month);
  assert.equal(await recentUplinks(months, "70b3d57ed0000001" as DeviceId, 50), []);
  assert.ok(few.opened() > 0);
  assert.is(many.opened(), few.opened());
});

test.run();
