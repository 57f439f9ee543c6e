import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openTown } from "./small-town.ts";

/** Two programs start and end. */
export const timeoutMs = 120_000;

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

const test = suite("shut out");

test("who is switched off, and who is erased, gets in no more in the building, and the hub knows it within seconds", async () => {
  const town = await openTown();
  const { ask, edge, soon, codes } = town;
  try {
    const code = codes.find(({ ref }) => ref === "ben")!.code;
    const enter = async () => {
      const answer = await fetch(`${edge.url}/api/v1/sign-in`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code }),
      });
      const said: Json = await answer.json();
      return { status: answer.status, said };
    };
    assert.is((await enter()).status, 200);
    const [ben] = (await ask("GET", "/people?q=Fitzwilliam")).data;
    const off = await ask("POST", `/people/${ben.id}/disable`, {});
    assert.is(off.data.pending.length, 1, "just now the gateway lets them in");
    const startedMs = Date.now();
    await soon("the gateway has heard of it", async () => {
      const { data } = await ask("GET", `/people/${ben.id}`);
      return data.pending.length === 0;
    });
    assert.ok(Date.now() - startedMs < 10_000);
    const refused = await enter();
    assert.is(refused.status, 403);
    assert.match(refused.said.detail, /switched off|disabled/);

    await ask("POST", `/people/${ben.id}/enable`, {});
    await soon("they are let in again", async () => (await enter()).status === 200);

    const { data: erased } = await ask("POST", `/people/${ben.id}/erasure`, {
      confirm: ben.email,
      reason: "asked for it",
    });
    assert.is(erased.is_done, false);
    const done = await soon("the gateway's confirmation", async () => {
      const { data } = await ask("GET", "/erasures");
      return data.find((one: Json) => one.id === erased.id && one.is_done);
    });
    assert.ok(done.gateways[0].confirmed_at);
    assert.is((await enter()).status, 401, "nobody has this code");
  } finally {
    await town.end();
  }
});

test.run();
