import { test } from "uvu";
import * as assert from "uvu/assert";
import { readLabel, LONGEST_LABEL } from "./read-label.ts";
import { crc16 } from "./tr005.ts";

const JOIN = "1122334455667788";
const DEV = "aabbccddeeff0011";
const KEY = "00112233445566778899aabbccddeeff";
const BASE = `LW:D0:${JOIN}:${DEV.toUpperCase()}:AABB1122`;

test("the LoRa Alliance's code is read with its letters, in its drafts' forms and by place alone", () => {
  const full = readLabel(`${BASE}:OAABBCCDDEEFF:SYYWWNNNNNN:PFOOBAR:CAF2C`);
  assert.equal(
    [full.format, full.joinEui, full.devEui, full.profileId, full.serial, full.problems],
    ["tr005", JOIN, DEV, "aabb1122", "YYWWNNNNNN", []],
  );
  for (const text of [
    BASE,
    BASE.toLowerCase(),
    `${BASE}:S1234`,
    `${BASE}:P${KEY}:C${crc16(`${BASE}:P${KEY}`).toString(16).padStart(4, "0")}`,
    `${BASE}:TOKEN:1234::`,
    `URN:LW:DP:${JOIN}:${DEV}:AABB1122`,
    `URN:DEV:LW:${JOIN}_${DEV}_AABB1122_V0001`,
    `\uFEFF${BASE}\r\n`,
  ]) {
    const { devEui, joinEui, problems } = readLabel(text);
    assert.equal([devEui, joinEui, problems], [DEV, JOIN, []], text);
  }
  assert.is(readLabel(`${BASE}:S1234`).serial, "1234");
  assert.is(readLabel(`${BASE}:TOKEN:1234::`).serial, "1234", "by its place");
  assert.is(readLabel(`${BASE}:PAPPKEY=${KEY}`).appKey, KEY);
});

test("a damaged code says what is wrong with it", () => {
  assert.match(readLabel(`${BASE}:S1234:C0000`).problems.join(), /checksum does not fit/);
  assert.match(readLabel(`LW:D0:${JOIN}:AABB:AABB1122`).problems.join(), /DevEUI is not 16/);
  assert.match(readLabel("LW:D0:").problems.join(), /JoinEUI is not 16/);
  assert.match(readLabel("hello").problems.join(), /no DevEUI/);
  assert.match(readLabel("a".repeat(LONGEST_LABEL + 1)).problems.join(), /longer/);
});

test("what makers print is read: JSON, addresses, names with values, bare numbers", () => {
  const of = (text: string) => {
    const { devEui, joinEui, appKey, serial, problems } = readLabel(text);
    return [devEui, joinEui, appKey, serial, problems.length];
  };
  const all = [DEV, JOIN, KEY, "SN42", 0];
  assert.equal(
    of(JSON.stringify({ devEUI: DEV, appEui: JOIN, keys: { AppKey: KEY }, serialNumber: "SN42" })),
    all,
  );
  assert.equal(
    of(`https://maker.example/d?deveui=${DEV}&joineui=${JOIN}&appkey=${KEY}&sn=SN42`),
    all,
  );
  assert.equal(of(`DEV EUI: ${DEV}\nAPP EUI: ${JOIN}\nAPP KEY: ${KEY}\nS/N: SN42`), all);
  assert.equal(of(`DevEUI=${DEV};JoinEUI=${JOIN};AppKey=${KEY};Serial number=SN42`), all);
  assert.equal(of(`SN:SN42 DevEUI:${DEV} AppEUI:${JOIN} AppKey:${KEY}`), all);
  assert.equal(of(`${DEV},${JOIN},${KEY}`), [DEV, JOIN, KEY, undefined, 0]);
  assert.equal(of("AA-BB-CC-DD-EE-FF-00-11")[0], DEV);
  assert.equal(of("aa:bb:cc:dd:ee:ff:00:11")[0], DEV);
  assert.equal(of("AA BB CC DD EE FF 00 11")[0], DEV);
  assert.equal(of(`https://maker.example/device/${DEV.toUpperCase()}`)[0], DEV);
  assert.equal(of(`${DEV} ${KEY} ${KEY.replace("00", "ff")}`)[2], undefined, "which is the key?");
});

test("nothing that is scanned makes it throw, and what it reads has the right form", () => {
  let seed = 0x5eed;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed % below;
  };
  const pieces = [
    "LW:D0:",
    "URN:DEV:LW:",
    ":",
    "_",
    "{",
    "}",
    '"devEUI":',
    "https://x/?deveui=",
    DEV,
    KEY,
    JOIN,
    "\n",
    "S",
    "C",
    "P",
    "\uD800",
    "\u0000",
    "DevEUI",
    "AppKey ",
    ",",
    "é",
    "[".repeat(50),
    "0x",
    "-",
    "%",
    "#",
  ];
  for (let n = 0; n < 10_000; n++) {
    const text = Array.from({ length: random(14) }, () => pieces[random(pieces.length)]).join("");
    const { devEui, joinEui, appKey, problems } = readLabel(text);
    assert.ok(devEui === undefined || /^[0-9a-f]{16}$/.test(devEui), text);
    assert.ok(joinEui === undefined || /^[0-9a-f]{16}$/.test(joinEui), text);
    assert.ok(appKey === undefined || /^[0-9a-f]{32}$/.test(appKey), text);
    assert.ok(devEui !== undefined || problems.length > 0, text);
    assert.not.ok(problems.join().includes(KEY), "a problem tells a key");
  }
});

test.run();
