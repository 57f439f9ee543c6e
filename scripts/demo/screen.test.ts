import { test } from "uvu";
import * as assert from "uvu/assert";
import { movingLine } from "./moving-line.ts";
import { duration, historyLine, liveLine } from "./screen.ts";

const progress = {
  phase: "live",
  done: 10,
  total: 10,
  acknowledged: 1234,
  joined: 3,
  joining: 90,
} as const;

test("the history's line tells share, rate of this run and the time left", () => {
  const line = historyLine({ done: 1500, total: 2000 }, 1000, 500);
  assert.match(line, /75 % {2}1,500 of 2,000 {2}1,000\/s {2}1 s left$/);
});

test("before anything is done no rate is made up", () => {
  assert.match(historyLine({ done: 0, total: 10 }, 0, 0), /0 % {2}0 of 10$/);
});

test("the live line says whether the hub is away", () => {
  const state = { kept: 1240, waiting: 7 };
  assert.match(
    liveLine(progress, { ...state, isHubReached: false }),
    /7 wait for the hub, which is away$/,
  );
  assert.match(liveLine(progress, { ...state, isHubReached: true }), /7 on their way to the hub$/);
  assert.match(liveLine(progress, { kept: 1, waiting: 0, isHubReached: true }), /all on the hub$/);
  assert.match(liveLine(progress, undefined), /does not answer$/);
});

test("seconds become minutes when there are many", () => {
  assert.equal([duration(0.2), duration(89), duration(180)], ["1 s", "89 s", "3 min"]);
});

test("on a terminal a line is drawn in place, and what is said scrolls past above it", () => {
  const written: string[] = [];
  const line = movingLine(
    { isTTY: true, columns: 80, write: (text) => written.push(text) },
    () => 0,
  );
  line.show("a");
  line.show("a");
  line.say("news");
  line.end();
  assert.equal(written, ["\r\u001b[2Ka", "\r\u001b[2Knews\n", "\r\u001b[2Ka", "\n"]);
});

test("elsewhere it is written only now and then", () => {
  const written: string[] = [];
  let nowMs = 0;
  const line = movingLine({ write: (text) => written.push(text) }, () => nowMs);
  for (; nowMs <= 20_000; nowMs += 1000) line.show(String(nowMs));
  assert.equal(written, ["0\n", "10000\n", "20000\n"]);
});

test.run();
