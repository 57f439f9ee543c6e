import { test } from "uvu";
import * as assert from "uvu/assert";
import { draftOf, emptyDraft, mappingOf, registerChoices } from "./mapping-draft.ts";

const line = { pointer: "/m3", register: "8-0:1.0.0", scale: -3 } as const;

test("a draft becomes a mapping once it names a device and a value, and back again", () => {
  assert.is(mappingOf(emptyDraft), undefined);
  assert.is(mappingOf({ ...emptyDraft, device: "name", lines: [line] }), undefined);
  const draft = { ...emptyDraft, topic: "a/+", device: "1", time: "/at", lines: [line] };
  const mapping = mappingOf(draft);
  assert.equal(mapping, {
    topic: "a/+",
    device: { topicLevel: 1 },
    time: { pointer: "/at", form: "rfc3339" },
    values: [line],
  });
  assert.equal(draftOf(mapping!, null), draft);
  const byBody = { ...draft, topic: "", device: "/id", time: "" };
  assert.equal(draftOf(mappingOf(byBody)!, { topic: null, body: "{}" }), {
    ...byBody,
    sample: "{}",
  });
});

test("every register can be chosen once", () => {
  const ids = registerChoices.map(([id]) => id);
  assert.is(new Set(ids).size, ids.length);
});

test.run();
