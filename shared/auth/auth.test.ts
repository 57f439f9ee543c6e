import { randomBytes } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { newAccessCode, parseAccessCode, printAccessCode } from "./access-code.ts";
import { attempts, signInLimits, waitAfter } from "./attempts.ts";
import { isToken, newToken, tokenHash } from "./opaque-token.ts";
import { weakness } from "./password-policy.ts";
import { hashSecret, isNobodysSecret, isSecret } from "./secret-hash.ts";

const test = suite("auth");

test("an access code is read back as printed, in any case and grouping", () => {
  const code = newAccessCode(randomBytes);
  const printed = printAccessCode(code);
  assert.match(printed, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
  for (const typed of [
    printed,
    printed.toLowerCase(),
    printed.replaceAll("-", ""),
    ` ${printed.replaceAll("-", " ")} `,
    printed.replaceAll("-", "–"),
  ])
    assert.equal(parseAccessCode(typed), code);
});

test("letters that look like digits are read as those", () => {
  assert.equal(parseAccessCode("oOiL-1234-5678-9ABC"), { finder: "0011", secret: "123456789ABC" });
});

test("what cannot be a code is none", () => {
  for (const typed of [
    "",
    "K7QF",
    "K7QF-9M2X-TR4B-8HZ",
    "K7QF-9M2X-TR4B-8HZCC",
    "UUUU-9M2X-TR4B-8HZC",
    "💧".repeat(16),
  ])
    assert.is(parseAccessCode(typed), undefined);
});

test("a secret is known by its hash, and another one is not", async () => {
  const hash = await hashSecret("a good long secret");
  assert.match(hash, /^\$argon2id\$/);
  assert.is(await isSecret(hash, "a good long secret"), true);
  assert.is(await isSecret(hash, "a good long secreT"), false);
  assert.is(await isSecret("damaged", "a good long secret"), false);
  assert.is(await isNobodysSecret("nobody"), false);
});

test("tokens are told from rubbish, and their hash is not the token", () => {
  const token = newToken(randomBytes);
  assert.ok(isToken(token));
  assert.not.ok(isToken(`${token}=`));
  assert.not.ok(isToken("../../etc/passwd"));
  assert.match(tokenHash(token), /^[0-9a-f]{64}$/);
});

test("guessing gets slower and slower, up to a cap", () => {
  const waits = [4, 5, 6, 7, 40].map((failures) => waitAfter(failures, signInLimits));
  assert.equal(waits, [0, 1000, 2000, 4000, 900_000]);
});

test("after the free tries one has to wait, and only for that key", async () => {
  const clock = steerableClock();
  const tries = attempts(clock);
  for (let i = 0; i < 5; i++) {
    tries.check("a");
    tries.failed("a");
  }
  assert.throws(
    () => tries.check("a"),
    (error: unknown) => isFault(error, "too_many") && error.details.retryAfterMs === 1000,
  );
  tries.check("b");
  await clock.advance(1000);
  tries.check("a");
  tries.failed("a");
  assert.throws(() => tries.check("a"));
  tries.succeeded("a");
  tries.check("a");
});

test("failures are forgotten after an hour", async () => {
  const clock = steerableClock();
  const tries = attempts(clock);
  for (let i = 0; i < 30; i++) tries.failed("a");
  await clock.advance(3_600_000);
  tries.check("a");
});

const ana = { email: "ana.perez@example.org", names: [] };

test("passwords that are guessed first are refused, good ones are not", () => {
  for (const bad of [
    "Password1234!",
    "P@ssw0rd!!!!",
    "aaaaaaaaaaaa",
    "123456789012",
    "abcdefghijklm",
    "trustno1trustno1",
    "football-2024-11",
    "11-Charlie-2026",
    "Contraseña1234",
    "ana.perez2026!!",
  ])
    assert.ok(weakness(bad, ana), bad);
  for (const good of ["violet-harbour-19", "xK9#mmPq2!vLs", "the quiet cellar hums"])
    assert.is(weakness(good, ana), undefined);
});

test("a password made of one's own name, address or organization is refused", () => {
  const whose = {
    email: "jmg@wasserwerk-sued.example",
    names: ["José María", "Müller-Gómez", "Stadtwerke Süd"],
  };
  for (const bad of [
    "JoseMaria2026!",
    "josé-maría-1984",
    "muller-gomez-12",
    "M\u00fcllerG\u00f3mez1",
    "j0se.muller.77",
    "Stadtwerke-2026",
    "wasserwerk2026",
    "jose-password-1",
    "Maria!Sunshine9",
    "1984-sued-jmg-77",
  ])
    assert.match(weakness(bad, whose) ?? "", /made of/, bad);
  for (const good of ["maria under the lantern", "violet-harbour-19", "xK9#joSePq2!vLs"])
    assert.is(weakness(good, whose), undefined, good);
  assert.is(weakness("Stadtwerke-2026", ana), undefined, "of somebody else");
});

test("a crowd of guesses waits in turn, and is turned away before it takes the memory", async () => {
  const stored = await hashSecret("right");
  const outcomes = await Promise.allSettled(
    Array.from({ length: 110 }, () => isSecret(stored, "wrong")),
  );
  const away = outcomes.filter(
    (outcome) => outcome.status === "rejected" && isFault(outcome.reason, "too_many"),
  );
  assert.is(away.length, 110 - 102);
  assert.ok(await isSecret(stored, "right"));
});

test.run();
