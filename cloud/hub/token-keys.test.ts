import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { TOKEN_LIFE_MS } from "#shared/auth/gateway-token.ts";
import {
  KEY_LIFE_MS,
  openTokenKeys,
  PUBLISHED_FIRST_MS,
  signingOf,
  takenOf,
} from "./token-keys.ts";

const test = suite<{ folder: string }>("token keys");
const NOW = Date.UTC(2026, 10, 26);

test.before(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "riser-token-keys-"));
});
test.after(({ folder }) => rm(folder, { recursive: true }));

test("no token that was good when it was signed is refused before it ends, whenever a key is rotated", () => {
  const keys = [{ madeMs: NOW }, { madeMs: NOW + 86_400_000 }, { madeMs: NOW + 86_700_000 }];
  for (let ms = NOW; ms < NOW + 2 * 86_400_000; ms += 20_000) {
    const known = keys.filter(({ madeMs }) => madeMs <= ms);
    const signed = signingOf(known, ms);
    for (const later of [0, 60_000, TOKEN_LIFE_MS]) {
      const then = keys.filter(({ madeMs }) => madeMs <= ms + later);
      assert.ok(takenOf(then, ms + later).includes(signed), `${ms - NOW} + ${later}`);
    }
    // Every node has known it for a while before the first token of it is met.
    assert.ok(signed.madeMs === NOW || ms - signed.madeMs >= PUBLISHED_FIRST_MS);
  }
});

test("a key that is over is taken no more, and its file goes", async ({ folder }) => {
  const keys = await openTokenKeys(folder, NOW);
  const first = keys.signing(NOW);
  const second = await keys.rotate(NOW + 1_000);
  assert.is(keys.signing(NOW + 2_000).kid, first.kid);
  assert.equal(
    keys.taken(NOW + 2_000).map(({ kid }) => kid),
    [first.kid, second.kid],
  );
  const later = NOW + 1_000 + PUBLISHED_FIRST_MS;
  assert.is(keys.signing(later).kid, second.kid);
  await keys.tend(later + TOKEN_LIFE_MS);
  assert.is((await readdir(folder)).length, 2);
  await keys.tend(later + TOKEN_LIFE_MS + 61_000);
  assert.is((await readdir(folder)).length, 1);
  assert.is((await openTokenKeys(folder, later)).signing(later).kid, second.kid);
});

test("a key that leaked is worth nothing at once; one that is old is replaced by itself", async ({
  folder,
}) => {
  const keys = await openTokenKeys(folder, NOW);
  const fresh = await keys.rotate(NOW + 10_000_000, { atOnce: true });
  assert.equal(
    keys.taken(NOW + 10_000_000).map(({ kid }) => kid),
    [fresh.kid],
  );
  assert.is(keys.signing(NOW + 10_000_000).kid, fresh.kid);
  await keys.tend(NOW + 10_000_000 + KEY_LIFE_MS + 1);
  assert.is(keys.taken(NOW + 10_000_000 + KEY_LIFE_MS + 1).length, 2);
});

test("a clock that was set back leaves a key to sign with", async ({ folder }) => {
  const keys = await openTokenKeys(folder, NOW);
  assert.ok(keys.signing(0).kid);
  assert.ok(keys.taken(0).length > 0);
});

test.run();
