import { test } from "uvu";
import * as assert from "uvu/assert";
import { openTown } from "./small-town.ts";

export const timeoutMs = 60_000;
const HOUR = 3_600_000;

/** A meter of some small maker, as its maker describes it: litres in four bytes, volts × 10. */
const source = `function decodeUplink(input) {
  if (input.bytes.length !== 5) return { errors: ["not a frame of this meter"] };
  var b = input.bytes;
  return { data: {
    cumulativeFlow: ((b[0] << 24) | (b[1] << 16) | (b[2] << 8) | b[3]) >>> 0,
    battery: b[4] / 10
  } };
}`;
const hangs = `function decodeUplink() {
  Array.prototype.indexOf.call({ length: Math.pow(2, 53) - 1 }, 1);
  return { data: { cumulativeFlow: 1 } };
}`;
const frame = (litres: number) => {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(litres);
  bytes[4] = 36;
  return bytes;
};

test("a decoder pasted on the hub decodes the next frame in the building, and the undecoded ones before it", async () => {
  const town = await openTown({ model: "own/small-maker" });
  const { ask, meter, hear, soon } = town;
  try {
    const start = Date.now() - 3 * HOUR;
    await hear(meter, 1, frame(1000), start);
    await hear(meter, 2, frame(1010), start + HOUR);
    const waiting = await soon("the undecoded on the hub", async () => {
      const { data, total } = await ask("GET", "/undecoded");
      return total === 2 && data;
    });
    assert.equal(
      waiting.map((row: { hex: string; reason: string }) => [row.hex, row.reason]),
      [
        ["000003f224", "no decoder is known for own/small-maker"],
        ["000003e824", "no decoder is known for own/small-maker"],
      ],
      "newest first, with the bytes and the reason",
    );

    // A person pastes the maker's code, tries it with what was heard, and takes the mapping proposed.
    const samples = waiting
      .toReversed()
      .map(({ hex, fPort }: { hex: string; fPort: number }) => ({ hex, fPort }));
    const { data: trial } = await ask("POST", "/decoders/trial", { source, samples });
    assert.equal(trial.functions, ["decodeUplink"]);
    assert.equal(
      trial.proposal.fields.map(({ path, certainty }: { path: string; certainty: string }) => [
        path,
        certainty,
      ]),
      [
        ["cumulativeFlow", "known"],
        ["battery", "known"],
      ],
    );
    await ask("POST", "/decoders", {
      slug: "small-maker",
      title: "A small maker's meter",
      source,
      mapping: trial.proposal.mapping,
      examples: samples,
    });

    const mended = await soon("both old frames as readings on the hub", async () => {
      const { data } = await ask("GET", `/devices/${meter}?include=telemetry`);
      return data.readings.length === 2 && data;
    });
    assert.equal(
      mended.readings.map(({ at, values }: { at: string; values: { n: number }[] }) => [
        at,
        values[0]?.n,
      ]),
      [
        [new Date(start + HOUR).toISOString(), 1010],
        [new Date(start).toISOString(), 1000],
      ],
      "at the times they were sent",
    );
    assert.is((await ask("GET", "/undecoded")).total, 0, "they vanish from the list");

    // In the building: the next frame is decoded by the gateway itself, before any hub has seen it.
    const missed = async () =>
      /riser_refused_total\{reason="decoder_missing"\} (\d+)/.exec(
        await (await fetch(`${town.edge.url}/metrics`)).text(),
      )?.[1];
    let sent = 2;
    await soon("a frame that the gateway decodes", async () => {
      const before = await missed();
      await hear(meter, ++sent, frame(1020 + sent));
      return (await missed()) === before;
    });
    const newest = await soon("that frame on the hub", async () => {
      const [uplink] = (await ask("GET", `/devices/${meter}?include=telemetry`)).data.uplinks;
      return uplink.f_cnt === sent && uplink;
    });
    assert.is(newest.undecoded, null, "as the gateway wrote it down");
    assert.is(newest.values[0]?.n, 1020 + sent);
    const index = await soon("its index", async () => {
      const { data } = await ask("GET", `/devices/${meter}?include=telemetry`);
      return data.last_reading?.values[0]?.n === 1020 + sent && data.last_reading.values[0];
    });
    assert.is(index.register, "8-0:1.0.0");
  } finally {
    await town.end();
  }
});

test("a mended version that says from when on it knows better is believed on the hub and in the building", async () => {
  const town = await openTown({ model: "own/small-maker" });
  const { ask, edge, meter, hear, soon } = town;
  try {
    const draft = (text: string, more = {}) => ({
      title: "A small maker's meter",
      source: text,
      mapping: { fields: [{ path: "cumulativeFlow", register: "8-0:1.0.0", unit: "L" }] },
      ...more,
    });
    const twice = source
      .replace(">>> 0,", ">>> 0) * 2,")
      .replace("cumulativeFlow: ((", "cumulativeFlow: (((");
    await ask("POST", "/decoders", { slug: "small-maker", ...draft(twice) });
    const start = Date.now() - 3 * HOUR;
    for (const hour of [0, 1, 2])
      await hear(meter, hour + 1, frame(15_000 + 10 * hour), start + hour * HOUR);
    const onHub = async () =>
      (
        (await ask("GET", `/devices/${meter}?include=telemetry`)).data.readings as {
          values: { n: number }[];
        }[]
      ).map(({ values }) => values[0]?.n);
    const wrong = [30_040, 30_020, 30_000];
    await soon("read twice over on the hub", async () => (await onHub()).join() === wrong.join());

    const code = town.codes.find(({ ref }) => ref === "ben")?.code;
    const headers = { "content-type": "application/json" };
    const signIn = await fetch(`${edge.url}/api/v1/sign-in`, {
      method: "POST",
      headers,
      body: JSON.stringify({ code }),
    });
    const cookie = signIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const look = async (path: string) =>
      (await fetch(`${edge.url}/api/v1${path}`, { headers: { cookie } })).text();
    const { data: units } = await ask("GET", `/units?community=${town.tenant}`);
    const home = (units as { id: string; name: string }[]).find(({ name }) => name === "1A");
    const shown = () => look(`/me/homes/${home?.id}/overview`);
    await soon("read twice over in the building", async () => (await shown()).includes("30040"));
    await ask("PUT", "/decoders/small-maker", {
      ...draft(source),
      redecode_from: new Date(start).toISOString(),
    });
    const right = [15_020, 15_010, 15_000];
    await soon("read anew on the hub", async () => (await onHub()).join() === right.join());
    await soon("read anew in the building", async () => (await shown()).includes("15020"));
  } finally {
    await town.end();
  }
});

test("a decoder that hangs holds up no acknowledgement and no neighbour, and is mended by its next version", async () => {
  const town = await openTown({ model: "own/small-maker" });
  const { ask, meter, neighbour, hear, soon } = town;
  try {
    const mapping = {
      fields: [{ path: "cumulativeFlow", register: "8-0:1.0.0", unit: "m3", scale: -3 }],
    };
    const draft = { title: "A small maker's meter", mapping, examples: [] };
    await ask("POST", "/decoders", { ...draft, slug: "small-maker", source: hangs });
    await soon("the decoder at the gateway", async () => {
      await hear(neighbour, 1, Buffer.from("03672c00046817", "hex"));
      const text = await (await fetch(`${town.edge.url}/health`)).text();
      return text.includes('"isReached":true') || undefined;
    });
    const beganMs = Date.now();
    await hear(meter, 1, frame(500));
    await hear(neighbour, 2, Buffer.from("03672d00046817", "hex"));
    assert.ok(Date.now() - beganMs < 3_000, `both were acknowledged in ${Date.now() - beganMs} ms`);
    await soon("the neighbour's reading", async () => {
      const { data } = await ask("GET", `/devices/${neighbour}?include=telemetry`);
      return data.readings.length > 0;
    });
    await ask("PUT", "/decoders/small-maker", { ...draft, source });
    const read = await soon("the frame, read by the mended version", async () => {
      const { data } = await ask("GET", `/devices/${meter}?include=telemetry`);
      return data.readings.length === 1 && data.readings[0].values[0];
    });
    assert.is(read.n, 500);
    assert.is((await ask("GET", "/undecoded")).total, 0);
  } finally {
    await town.end();
  }
});

test.run();
