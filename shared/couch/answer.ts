/**
 * `answer`: one request to something that speaks CouchDB's HTTP, with an end to it.
 *
 * Every request ends within its time, body included. What does not come from a CouchDB (a captive
 * portal's page, a proxy's error) is told apart from what does. Never logs or repeats a header.
 */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { Fault } from "#shared/model/fault.ts";

const squeeze = promisify(gzip);

/** Bodies above this are gzipped, bytes: below it the header costs more than is won. */
const SQUEEZE_FROM = 1_024;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface AskOptions {
  readonly fetch?: Fetch;
  /** Asked before each request, so that a token can be renewed. */
  readonly headers?: () => Promise<Record<string, string>>;
  /** From the first byte sent to the last byte read, ms. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Question {
  readonly method: string;
  readonly url: string;
  /** JSON text. */
  readonly body?: string | undefined;
  readonly headers?: Record<string, string>;
}

const codeOfStatus = (status: number) =>
  status === 401
    ? "unauthorized"
    : status === 403
      ? "forbidden"
      : status === 413
        ? "too_large"
        : status === 429
          ? "too_many"
          : status >= 500 || (status >= 300 && status < 400)
            ? "unavailable"
            : undefined;

/**
 * The Fault an answer is, whatever was asked, or undefined for one that its asker understands. Its
 * details: `status`, and `isForeign` where it is nothing that a database server says.
 */
export function faultOfAnswer(answer: Response): Fault | undefined {
  const isJson = /\bjson\b/i.test(answer.headers.get("content-type") ?? "");
  if (!isJson)
    return new Fault(
      "unavailable",
      "the answer is not the hub's: something on the way answered in its place",
      {
        status: answer.status,
        isForeign: true,
      },
    );
  const code = codeOfStatus(answer.status);
  return (
    code &&
    new Fault(code, `the database server answered ${answer.status}`, { status: answer.status })
  );
}

/**
 * Asks, and resolves with an answer in JSON that its asker understands (2xx, 400, 404, 409, 412 …).
 *
 * @throws Fault "unauthorized" | "forbidden" | "too_large" | "too_many" | "unavailable" (no answer in time,
 * 5xx, redirects, an answer that is not JSON)
 */
export async function ask(question: Question, options: AskOptions): Promise<Response> {
  const { timeoutMs, signal, fetch = globalThis.fetch } = options;
  const limit = AbortSignal.timeout(timeoutMs);
  const { method, url, body } = question;
  const headers: Record<string, string> = { accept: "application/json", ...question.headers };
  Object.assign(headers, await options.headers?.());
  if (body !== undefined) headers["content-type"] = "application/json";
  const isLarge = body !== undefined && body.length > SQUEEZE_FROM;
  if (isLarge) headers["content-encoding"] = "gzip";
  try {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(body !== undefined && { body: isLarge ? new Uint8Array(await squeeze(body)) : body }),
    });
    const fault = faultOfAnswer(answer);
    if (!fault) return answer;
    await answer.body?.cancel();
    throw fault;
  } catch (error) {
    throw unreachable(error, limit.aborted ? timeoutMs : undefined);
  }
}

/** Reads an answer's JSON; a body that breaks off or is no JSON is a Fault "unavailable". */
export async function readJson<T>(answer: Response): Promise<T> {
  try {
    return (await answer.json()) as T;
  } catch (error) {
    throw unreachable(error, undefined);
  }
}

function unreachable(error: unknown, timeoutMs: number | undefined): Fault {
  if (error instanceof Fault) return error;
  const why =
    timeoutMs === undefined ? "cannot be reached" : `gave no answer within ${timeoutMs} ms`;
  const details = timeoutMs === undefined ? {} : { timeoutMs };
  return new Fault("unavailable", `the database server ${why}`, details, error);
}
