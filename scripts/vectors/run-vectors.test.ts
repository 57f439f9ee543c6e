import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { kindOf, runVectors } from "./run-vectors.ts";

const frame = {
  id: "a frame",
  kind: "parse",
  phyHex: "40f17dbe4900020001954378762b11ff0d",
  expected: { devAddr: "49be7df1" },
};
const payloads = {
  vendor: "milesight",
  device: "em300-th",
  vectors: [
    { fPort: 85, hex: "03672c00046817", expected: { data: { temperature: 4.4, humidity: 11.5 } } },
  ],
};

test("files are told apart by what is in them", () => {
  assert.is(kindOf({ vectors: [frame] }), "frames");
  assert.is(kindOf([frame]), "frames");
  assert.is(kindOf(payloads), "payloads");
  assert.is(kindOf({ id: "m", kind: "chirpstack-v4", topic: "t", body: {} }), "message");
  assert.is(kindOf({ id: "m", kind: "semtech-udp", datagramHex: "00" }), "message");
  for (const other of [null, 1, "text", {}, [], { vectors: [] }, { vectors: [1] }]) {
    assert.is(kindOf(other), "unknown", JSON.stringify(other));
  }
});

test("right vectors pass, wrong ones fail with the reason, unknown devices are not supported", () => {
  assert.is(runVectors([frame]).passed, 1);
  assert.is(runVectors(payloads).passed, 1);
  const wrong = runVectors([{ ...frame, expected: { devAddr: "00000000" } }]);
  assert.equal([wrong.passed, wrong.failed.length, wrong.failed[0]?.id], [0, 1, "a frame"]);
  assert.not.ok(runVectors({ ...payloads, device: "never-made" }).isSupported);
});

test("the command counts per file and is red when one vector failed or a file cannot be read", () => {
  const folder = mkdtempSync(join(tmpdir(), "vectors-"));
  const run = (): [number | null, string] => {
    const program = fileURLToPath(new URL("../vectors.ts", import.meta.url));
    const { status, stdout } = spawnSync(
      process.execPath,
      ["--import", import.meta.resolve("tsx"), program, folder],
      {
        encoding: "utf8",
      },
    );
    return [status, stdout.trimEnd().split("\n").at(-1) ?? ""];
  };
  try {
    writeFileSync(join(folder, "any-name.json"), JSON.stringify({ vectors: [frame] }));
    writeFileSync(join(folder, "other.json"), JSON.stringify(payloads));
    assert.equal(run(), [0, "2 passed, 0 failed"]);
    writeFileSync(join(folder, "broken.json"), "{");
    assert.equal(run(), [1, "2 passed, 1 failed"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
