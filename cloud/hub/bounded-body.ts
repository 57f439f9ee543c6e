/**
 * `bounded-body`: a request's JSON, read without trusting its size, its compression or its depth.
 *
 * Nothing here holds more than the limit in memory, whatever the header says.
 */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Fault } from "#shared/model/fault.ts";

const inflate = promisify(gunzip);

/** Longest body, before and after inflation, bytes. CouchDB's own limit for a document is the same. */
export const MAX_BODY_BYTES = 8_000_000;
/** Deepest nesting taken: a segment needs 4. */
export const MAX_DEPTH = 32;

const tooLarge = (limit: number) =>
  new Fault("too_large", `a request has at most ${limit} bytes`, { limit });

async function bytesOf(request: Request, limit: number): Promise<Buffer> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body)
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  return Buffer.concat(chunks);
}

async function inflated(bytes: Buffer, limit: number): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limit);
    throw new Fault("invalid", "the body is not gzip", {}, error);
  }
}

/** True when brackets nest deeper than `MAX_DEPTH`; looks at bytes, so that nothing is built for it. */
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isText) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) isText = false;
    } else if (byte === 0x22) isText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}

/** The JSON object a request carries. @throws Fault "too_large" | "invalid" */
export async function readBody(
  request: Request,
  limit = MAX_BODY_BYTES,
): Promise<Record<string, unknown>> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip")
    throw new Fault("invalid", "a body is plain or gzip");
  const raw = await bytesOf(request, limit);
  const bytes = encoding === "gzip" ? await inflated(raw, limit) : raw;
  if (isTooDeep(bytes)) throw new Fault("invalid", `the body nests deeper than ${MAX_DEPTH}`);
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new Fault("invalid", "the body is not JSON", {}, error);
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new Fault("invalid", "the body is not a JSON object");
  return body as Record<string, unknown>;
}
