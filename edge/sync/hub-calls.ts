/**
 * `hub-calls`: the questions a gateway asks its hub beside replication, each with an end, each
 * answer looked at before it is believed: what answers at the hub's address may be a captive
 * portal, a proxy or another program.
 */
import type { z } from "zod";
import type { Fetch } from "#shared/couch/answer.ts";
import { fromWire } from "#shared/api/wire-names.ts";
import { Fault } from "#shared/model/fault.ts";
import { foreignTrouble, troubled } from "./hub-trouble.ts";

export interface HubCall {
  readonly fetch: Fetch;
  readonly hubUrl: string;
  /** Ends a question that is under way: a stop does not wait for a hub that says nothing. */
  readonly signal: AbortSignal;
}

export interface Question<T> {
  readonly path: string;
  readonly body: unknown;
  readonly schema: z.ZodType<T>;
  readonly token?: string;
  /** From the first byte sent to the last byte read, ms. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
/** A token and the names of thousands of communities are less. */
const MOST_BYTES = 4_000_000;

/**
 * Asks; resolves with the answer's `data`.
 *
 * @throws Fault of the code the hub answered with, its details included; "unavailable" for anything
 * that is not a hub's answer
 */
export async function askHub<T>(
  { fetch, hubUrl, signal }: HubCall,
  asked: Question<T>,
): Promise<T> {
  const { path, body, schema, token, timeoutMs = TIMEOUT_MS } = asked;
  const over = new AbortController();
  const end = () => over.abort();
  signal.addEventListener("abort", end, { once: true });
  const limit = setTimeout(end, timeoutMs);
  try {
    if (signal.aborted) end();
    const response = await fetch(`${hubUrl}/api/v1/gateways/${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: over.signal,
    });
    const said = jsonOf(await shortText(response));
    if (!response.ok) throw refusal(response.status, said);
    const parsed = schema.safeParse((said as { data?: unknown } | undefined)?.data);
    if (!parsed.success) throw notTheHub(response.status);
    return parsed.data;
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (over.signal.aborted && !signal.aborted)
      throw troubled("unavailable", { code: "no_answer" }, { cause: error });
    throw new Fault("unavailable", "the hub cannot be reached", {}, error);
  } finally {
    clearTimeout(limit);
    signal.removeEventListener("abort", end);
  }
}

const notTheHub = (status: number) =>
  troubled("unavailable", { code: foreignTrouble(status), status }, { details: { status } });

const CODES: Readonly<Record<number, Fault["code"]>> = {
  400: "invalid",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  413: "too_large",
  429: "too_many",
  503: "unavailable",
};

/** What a hub refuses with: a problem document. Anything else is somebody else's page. */
function refusal(status: number, said: unknown): Fault {
  const problem = said as { code?: unknown; detail?: unknown; status?: unknown } | undefined;
  const code = CODES[status];
  const isProblem = problem?.status === status && typeof problem.detail === "string";
  if (!isProblem || (code === undefined && status < 500)) return notTheHub(status);
  const { detail, trouble: _, ...details } = problem as { detail: string; trouble?: unknown };
  return new Fault(code ?? "unavailable", detail.slice(0, 300), {
    ...fromWire(details),
    isOfHub: true,
  });
}

/** The body as text; broken off when it does not end: what answers is not a hub, and memory is short. */
async function shortText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    if ((bytes += part.length) > MOST_BYTES) break;
  }
  return Buffer.concat(parts).toString("utf8");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
