/**
 * A gateway that is shut out while it is away: what it could not send comes to the hub by hand, once,
 * and the machine holds nothing else any more.
 */
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JWK } from "jose";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { takeIn, type TakenFile } from "#cloud/hub/take-in.ts";
import { withdrawnIn, wipe } from "#edge/setup/withdrawn.ts";
import { identityIn } from "#edge/sync/identity.ts";
import { sealUnsent } from "#shared/auth/unsent.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { DeviceId, Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { installer } from "./installer.ts";
import { openTown } from "./small-town.ts";

export const timeoutMs = 90_000;

const taken = (files: readonly TakenFile[]) =>
  files.map(({ outcome }) =>
    "refused" in outcome
      ? outcome.refused
      : ["requests" in outcome ? outcome.requests : outcome.uplinks, outcome.known],
  );
/** A Milesight temperature, tenths of a degree. */
const warmth = (tenths: number) => new Uint8Array([0x03, 0x67, tenths & 0xff, tenths >> 8]);

test("what a withdrawn gateway could not send is sealed, and goes into the hub once", async () => {
  const town = await openTown({ model: "milesight/em300-th", kind: "temperature" });
  const { ask, edge, hub, line, meter, soon } = town;
  const edgeFolder = join(town.folder, "edge");
  try {
    const readings = async () => {
      await hub.caughtUp();
      const { data } = await ask("GET", `/devices/${meter}?include=telemetry`);
      return (data.readings as unknown[]).length;
    };
    await town.hear(meter, 1, warmth(201));
    await soon("the first reading on the hub", async () => (await readings()) === 1);
    line.weather = { kind: "down" };
    line.cut();
    for (let fCnt = 2; fCnt <= 31; fCnt++) await town.hear(meter, fCnt, warmth(200 + fCnt));
    // An installer moves a meter, of which the hub hears nothing.
    const { data: homes } = await ask("GET", `/units?community=${town.tenant}`);
    const home = homes.find(({ name }: { name: string }) => name === "1A");
    const setup = await installer(edge.url, edge.setupCode.shown);
    const moved = await setup("POST", "/requests", {
      id: "q-0000000000000001",
      tenant: town.tenant,
      kind: "mount",
      dev_eui: town.neighbour,
      unit_id: home.id,
      start_index: "7.5",
      index_unit: "m3",
    });
    assert.is(moved.status, 200, JSON.stringify(moved.json));
    await ask("POST", `/gateways/${edge.gatewayId}/revoke`);
    line.weather = { kind: "fair" };
    const statement = await town.withdrawn;
    const sealingKey = edge.hubFace()?.sealing as JWK;
    await edge.stop();
    const identity = await identityIn(edgeFolder);
    const before = join(town.folder, "before");
    await cp(edgeFolder, before, { recursive: true });
    const mark = await wipe({
      folder: edgeFolder,
      identity,
      statement,
      sealingKey,
      clock: systemClock,
    });
    assert.ok(mark.unsent >= 1);
    assert.is(mark.asked, 1);
    assert.equal((await readdir(edgeFolder)).sort(), ["unsent", "withdrawn.json"]);
    assert.equal(await withdrawnIn(edgeFolder, systemClock), mark);

    const unsent = join(edgeFolder, "unsent");
    const files = (await readdir(unsent)).sort();
    for (const file of files) {
      const text = await readFile(join(unsent, file), "utf8");
      assert.not.ok(text.includes(meter) || text.includes("columns"), "nothing can be read in it");
    }
    const two = await takeIn(hub.hub, { path: unsent });
    assert.equal(taken(two), [
      [1, 0],
      [30, 0],
    ]);
    assert.is(await readings(), 31);
    const { data: held } = await ask("GET", `/devices/${town.neighbour}/assignments`);
    const last = held.find(({ unit }: { unit: { id: string } }) => unit.id === home.id);
    assert.is(last?.start_index, "7.5", "the meter is where the installer put it");
    const [again] = await takeIn(hub.hub, { path: join(unsent, files[1] as string) });
    assert.equal(taken([again as TakenFile]), [[0, mark.unsent]], "done again it changes nothing");
    assert.is(await readings(), 31);
    const { data: rows } = await ask("GET", "/audit?limit=20");
    assert.ok(JSON.stringify(rows).includes("gateway.take-in"));

    // The power went in the middle of the wipe: it goes on at the next start, and seals the same.
    await writeFile(join(before, "withdrawn.json.begun"), JSON.stringify(statement));
    assert.equal(await withdrawnIn(before, systemClock), mark);
    assert.equal(taken(await takeIn(hub.hub, { path: join(before, "unsent") })), [
      [0, 1],
      [0, mark.unsent],
    ]);

    // Somebody else's key, a file for another hub, and a cut one.
    const strange = join(town.folder, "strange");
    await mkdir(strange);
    const text = await readFile(join(unsent, files[0] as string), "utf8");
    await writeFile(join(strange, "a.jwe"), text.slice(0, -9));
    await writeFile(join(strange, "b.jwe"), "no file of ours");
    const other = await identityIn(join(town.folder, "other"));
    const forged = { gatewayId: edge.gatewayId as typeof identity.gatewayId, name: "x", docs: [] };
    await writeFile(join(strange, "c.jwe"), await sealUnsent(forged, other.signingKey, sealingKey));
    await writeFile(
      join(strange, "d.jwe"),
      await sealUnsent({ ...forged, gatewayId: other.gatewayId }, other.signingKey, sealingKey),
    );
    await writeFile(
      join(strange, "e.jwe"),
      await sealUnsent(forged, identity.signingKey, sealingKey),
    );
    assert.equal(taken(await takeIn(hub.hub, { path: strange })), [
      "it is not sealed for this hub, or damaged",
      "it is not sealed for this hub, or damaged",
      `${edge.gatewayId} has not signed this`,
      `This hub knows no gateway ${other.gatewayId}.`,
      `${edge.gatewayId} works for no community of x here.`,
    ]);
    assert.is(await readings(), 31);

    // Of a month that is history by now, with a segment that this history was made of already.
    const at = Date.UTC(2026, 0, 20);
    const epoch = "00000000-00000000000000aa" as Epoch;
    const writer = edge.gatewayId as WriterId;
    const chain: SegmentDoc[] = [];
    for (let seq = 0; seq < 4; seq++) {
      const before = chain.at(-1);
      const prev = before ? { id: before._id, digest: before.digest } : null;
      chain.push(
        packSegment({ writer, epoch, seq, prev, before: seq, inbox: { from: seq, to: seq } }, [
          keptUplink(at + seq * 3_600_000, 200, { deviceId: meter as DeviceId }),
        ]),
      );
    }
    // The third is history, too: the second and the fourth are what was missing.
    const brought = [0, 1, 3];
    const old = brought.map((seq) => ({
      ...(chain[seq] as SegmentDoc),
      _rev: `1-${"0".repeat(31)}${seq}`,
    }));
    const hist = await hub.hub.databases.open(
      databaseName.hist(town.tenant as TenantName, "202601"),
    );
    const runs = [0, 2].map((seq) => ({ writer, epoch, from: seq, to: seq, uplinks: 1 }));
    const frozenAt = new Date(at).toISOString();
    await hist.put({
      _id: "month",
      type: "frozen-month",
      v: 1,
      month: "202601",
      frozenAt,
      devices: 1,
      segments: runs,
    });
    const late = join(town.folder, "late");
    await mkdir(late);
    const name = databaseName.tele(town.tenant as TenantName, "202601");
    await writeFile(
      join(late, "a.jwe"),
      await sealUnsent(
        { gatewayId: forged.gatewayId, name, docs: old },
        identity.signingKey,
        sealingKey,
      ),
    );
    assert.equal(taken(await takeIn(hub.hub, { path: late })), [[2, 1]]);
    assert.equal(taken(await takeIn(hub.hub, { path: late })), [[0, 3]]);
    await hub.caughtUp();
    const roll = await hub.hub.databases.openShelf(databaseName.roll);
    const days = {
      from: `day:${town.tenant}:${meter}:2026-01`,
      to: `day:${town.tenant}:${meter}:2026-02`,
    };
    assert.equal(
      (await roll.ids(days)).map((id) => id.slice(-10)),
      ["2026-01-20"],
    );
    assert.not.ok((await hub.hub.databases.names()).includes(name), "its month stays history");
    const compared = await ask("GET", `/conservation?community=${town.tenant}`);
    assert.is(compared.data.is_whole, true);
    assert.equal(
      compared.data.chains.map(({ holes }: { holes: unknown[] }) => holes),
      [[]],
      "what is history is no hole",
    );
  } finally {
    await town.end();
  }
});

test.run();
