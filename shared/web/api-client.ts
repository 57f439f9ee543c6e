/**
 * `api-client`: asks the API and says plainly how it went.
 *
 * A refusal is a value, not an exception: pages show it in words. Must never retry by itself;
 * who asks decides.
 */
import { signal } from "@preact/signals";
import type { Page } from "#shared/api/envelope.ts";
import type { Problem } from "#shared/api/problem.ts";

export type Code = Problem["code"];
export interface Refusal {
  /** `offline` when nothing answered at all. */
  readonly code: Code | "offline";
  /** For `too_many`: how long to wait, ms. */
  readonly retryAfterMs?: number;
  /** Names of the fields that were not right. */
  readonly fields?: readonly string[];
  /** What the API said of it, in English: for people who look for a mistake of their own. */
  readonly detail?: string;
}
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: Refusal };

/** Counts answers that say "sign in first"; a page goes back to its sign-in when it grows. */
export const signedOutCount = signal(0);

/** How far this browser's clock is behind the server's, ms: a wall tablet's clock is often wrong. */
let behindMs = 0;

/** The server's time, as far as it can be known here. */
export function serverNow(): number {
  return Date.now() + behindMs;
}

/** Asks for one thing, taken out of its envelope. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
  return unwrapped(await ask(path, signal === undefined ? {} : { signal }));
}

/** Asks for a page of a list: its rows with total, limit and offset. */
export async function getPage<T>(path: string, signal?: AbortSignal): Promise<Answer<Page<T>>> {
  return ask(path, signal === undefined ? {} : { signal });
}

/** Sends JSON; an answer without a body is `undefined`. */
export const post = <T>(path: string, body?: unknown): Promise<Answer<T>> =>
  send("POST", path, body);

/** As `post`, in place of what is there. */
export const put = <T>(path: string, body?: unknown): Promise<Answer<T>> => send("PUT", path, body);

/** Takes something away; what the other side wants to be told beside goes along as JSON. */
export const remove = <T>(path: string, body?: unknown): Promise<Answer<T>> =>
  send("DELETE", path, body);

/** Sends a file as it is; the other side sees by its bytes what it is. */
export async function sendFile<T>(path: string, body: Blob): Promise<Answer<T>> {
  const headers = { "content-type": "application/octet-stream" };
  return unwrapped(await ask(path, { method: "POST", headers, body }));
}

async function send<T>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body: unknown,
): Promise<Answer<T>> {
  const headers = { "content-type": "application/json" };
  return unwrapped(await ask(path, { method, headers, body: JSON.stringify(body ?? {}) }));
}

function unwrapped<T>(answer: Answer<unknown>): Answer<T> {
  if (!answer.ok) return answer;
  const { value } = answer;
  const isWrapped =
    typeof value === "object" && value !== null && "status" in value && "data" in value;
  return { ok: true, value: (isWrapped ? value.data : value) as T };
}

async function ask<T>(path: string, options: RequestInit): Promise<Answer<T>> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`/api/v1${path}`, { ...options, credentials: "same-origin" });
    body = response.status === 204 ? undefined : await response.json();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    return { ok: false, why: { code: "offline" } };
  }
  const date = Date.parse(response.headers.get("date") ?? "");
  if (!Number.isNaN(date)) {
    const offset = date - Date.now();
    behindMs = Math.abs(offset) < 2_000 ? 0 : offset;
  }
  if (response.ok) return { ok: true, value: body as T };
  if (response.status === 401 && !path.startsWith("/sign-in")) signedOutCount.value++;
  const problem = (body ?? {}) as Partial<Problem>;
  const wait = problem["retry_after_ms"];
  return {
    ok: false,
    why: {
      code: problem.code ?? "internal",
      ...(typeof wait === "number" ? { retryAfterMs: wait } : {}),
      ...(typeof problem["fields"] === "object" && problem["fields"] !== null
        ? { fields: Object.keys(problem["fields"]) }
        : {}),
      ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    },
  };
}
