import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openSecrets } from "./secrets.ts";

test("a secret that another process made meanwhile is taken, not overwritten", async () => {
  const folder = await mkdtemp(join(tmpdir(), "riser-secrets-"));
  const theirs = Buffer.alloc(32, 7);
  const random = (size: number) => randomBytes(size);
  try {
    const first = await openSecrets(folder, random, 1);
    await rm(join(folder, "master-key"));
    const path = join(folder, "master-key");
    // The other one is quicker: it has its key on the disk while ours is being made.
    const slow = (size: number) => {
      writeFileSync(path, theirs.toString("base64url"), { mode: 0o600 });
      return randomBytes(size);
    };
    const opened = await openSecrets(folder, slow, 1);
    const again = await openSecrets(folder, random, 1);
    assert.equal(Buffer.from(opened.masterKey), theirs);
    assert.equal(Buffer.from(again.masterKey), theirs);
    assert.is(first.hubId, again.hubId);
    assert.equal((await readdir(folder)).toSorted(), [
      "hub-id",
      "identity-key.pem",
      "master-key",
      "sealing-key.pem",
      "token-keys",
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.run();
