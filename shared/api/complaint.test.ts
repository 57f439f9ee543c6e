import { suite } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { complaint } from "./complaint.ts";

const Thing = z.strictObject({
  name: z.string().min(1).max(5),
  floor: z.number().int().max(9).optional(),
  load: z.number().gt(0).optional(),
  kinds: z
    .array(z.enum(["water", "heat"]))
    .min(1)
    .optional(),
  email: z.email().optional(),
  from: z.iso.date().optional(),
  at: z.iso.datetime().optional(),
  address: z.url().optional(),
  on: z.discriminatedUnion("kind", [z.object({ kind: z.literal("all") })]).optional(),
  index: z.union([z.string(), z.number()]).optional(),
  code: z.string().regex(/^x/, "begins with x").optional(),
  word: z.string().regex(/^x/).optional(),
  is_home: z.boolean().optional(),
});

/** What is said of one field. */
function said(more: Record<string, unknown>): string[] {
  const parsed = Thing.safeParse({ name: "Ana", ...more }, { error: complaint });
  return (parsed.error?.issues ?? []).map(({ message }) => message);
}

const test = suite("what is said of a value that is refused");

test("each kind of mistake is told in words, and in the schema's own where it has some", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ name: undefined }, "is needed"],
    [{ name: "" }, "is empty"],
    [{ name: "Annabel" }, "at most 5 characters"],
    [{ name: 7 }, "has to be a text"],
    [{ floor: 1.5 }, "has to be a whole number"],
    [{ floor: 10 }, "at most 9"],
    [{ load: 0 }, "more than 0"],
    [{ kinds: [] }, "at least 1 of them"],
    [{ kinds: "water" }, "has to be a list"],
    [{ kinds: ["steam"] }, 'has to be one of "water", "heat"'],
    [{ email: "ana" }, "is no e-mail address"],
    [{ from: "October" }, "a date is written 2026-11-23"],
    [{ at: "noon" }, "a time is written 2026-11-23T10:00:00Z"],
    [{ address: "here" }, "is not an address such as https://example.org"],
    [{ on: { kind: "some" } }, "is not of any kind that is taken here"],
    [{ index: true }, "is not of any kind that is taken here"],
    [{ code: "a" }, "begins with x"],
    [{ word: "a" }, "is not written as it has to be"],
    [{ is_home: "yes" }, "has to be true or false"],
    [{ colour: "red", size: 3 }, 'has unknown fields: "colour", "size"'],
  ];
  for (const [more, words] of cases) assert.equal(said(more), [words], JSON.stringify(more));
});

test("what was sent is not told", () => {
  for (const secret of ["hunter2", 815_815, true, ["hunter2"]])
    for (const field of ["name", "floor", "kinds", "email", "from", "index", "code", "is_home"])
      assert.not.match(said({ [field]: secret }).join(), /hunter2|815815/);
});

test.run();
