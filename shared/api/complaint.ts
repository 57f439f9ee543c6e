/**
 * `complaint`: what is said of a value that a schema refuses, in words for whoever sent it. Never
 * tells the value itself: it may be a password or a key.
 */
import type { z } from "zod";

/** For `safeParse`; what a schema says in its own words stands before it. */
export const complaint: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "is needed"
        : `has to be ${kindOf(String(issue.expected))}`;
    case "too_small":
      return size(issue.origin, "at least", Number(issue.minimum), issue.inclusive);
    case "too_big":
      return size(issue.origin, "at most", Number(issue.maximum), issue.inclusive);
    case "invalid_value":
      return issue.values.length === 1
        ? `has to be ${JSON.stringify(issue.values[0])}`
        : `has to be one of ${issue.values.map((one) => JSON.stringify(one)).join(", ")}`;
    case "invalid_format":
      return FORMATS[issue.format] ?? "is not written as it has to be";
    case "invalid_union":
      return "is not of any kind that is taken here";
    case "unrecognized_keys":
      return `has unknown fields: ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
    default:
      return undefined;
  }
};

const FORMATS: Readonly<Record<string, string>> = {
  email: "is no e-mail address",
  url: "is not an address such as https://example.org",
  date: "a date is written 2026-11-23",
  datetime: "a time is written 2026-11-23T10:00:00Z",
};

function kindOf(expected: string): string {
  if (expected === "int") return "a whole number";
  if (expected === "array") return "a list";
  if (expected === "boolean") return "true or false";
  if (expected === "string") return "a text";
  return expected === "object" ? "an object" : `a ${expected}`;
}

function size(origin: string, border: string, n: number, isInclusive = true): string {
  if (origin === "string")
    return n === 1 && border === "at least" ? "is empty" : `${border} ${n} characters`;
  if (origin === "array" || origin === "set" || origin === "object")
    return `${border} ${n} of them`;
  if (isInclusive) return `${border} ${n}`;
  return border === "at least" ? `more than ${n}` : `less than ${n}`;
}
