import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { couchdbPassthrough } from "./couchdb-passthrough.ts";
import type { Admitted } from "./sync-door.ts";

async function codeOf(reason: string, operation: string): Promise<string> {
  const passthrough = couchdbPassthrough({
    url: "http://127.0.0.1:1",
    gate: { isRevoked: () => false },
    clock: steerableClock(),
    fetch: async () => Response.json({ error: "bad_request", reason }, { status: 400 }),
  });
  const admitted = {
    operation,
    name: "t-river-tele-202611",
    method: "GET",
    id: "",
    query: new URLSearchParams(),
    body: { docs: [{ _id: "s:a" }] },
    gateway: { gatewayId: "gw-0123456789abcdef" },
    signal: new AbortController().signal,
  } as unknown as Admitted;
  const error: unknown = await passthrough.serve(admitted).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return isFault(error) ? error.code : String(error);
}

test("a token that CouchDB does not take is the hub's trouble and passes", async () => {
  for (const operation of ["info", "bulkDocs", "getLocal"])
    assert.is(await codeOf("Unknown kid", operation), "unavailable");
  assert.is(await codeOf("Malformed sequence supplied", "info"), "invalid");
});

test.run();
