/**
 * `access-token`: proves to the hub who this gateway is and gets a token of at most ten minutes for it.
 *
 * The token and the assertion are held in memory and never logged.
 */
import { z } from "zod";
import { signAssertion } from "#shared/auth/gateway-token.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import { TenantName } from "#shared/model/ids.ts";
import type { Identity } from "./identity.ts";

const Answer = z.object({
  data: z.object({
    access_token: z.string().min(1),
    expires_in: z.number().positive(),
    hub_time: z.iso.datetime(),
    communities: z.array(z.object({ tenant: TenantName, name: z.string(), site: z.string() })),
  }),
});
const Refused = z.object({ hubTimeAt: z.iso.datetime() });
export type TokenAnswer = z.infer<typeof Answer>["data"];

export interface AccessToken {
  /** A token that holds for a while yet; asks for a new one when it must. @throws Fault "unauthorized" | "unavailable" */
  get(): Promise<string>;
  /** Asks for a new one now. */
  renew(): Promise<TokenAnswer>;
}

/** Renewed this long before it ends. */
const MARGIN_MS = 120_000;
const TIMEOUT_MS = 15_000;
/** Clocks that differ by less are not why an assertion is refused. */
const OTHER_TIME_MS = 30_000;
/** A token and the names of thousands of communities are less. */
const MOST_BYTES = 1_000_000;

export function accessToken({
  hubUrl,
  identity,
  clock,
  signal,
  onHubTime = () => undefined,
}: {
  readonly hubUrl: string;
  readonly identity: Identity;
  readonly clock: Clock;
  /** Ends a question that is under way: a stop does not wait for a hub that says nothing. */
  readonly signal: AbortSignal;
  /** The hub refuses an assertion of another time than its own, and says what time it is: told, and asked once more. */
  readonly onHubTime?: (hubMs: number) => void;
}): AccessToken {
  let held: { readonly token: string; readonly untilMs: number } | undefined;
  let asking: Promise<TokenAnswer> | undefined;

  /** The answer with its whole body, in time. */
  const said = async (assertion: string) => {
    const over = new AbortController();
    const end = () => over.abort();
    signal.addEventListener("abort", end, { once: true });
    const limit = setTimeout(end, TIMEOUT_MS);
    try {
      if (signal.aborted) end();
      const response = await fetch(`${hubUrl}/api/v1/gateways/token`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ assertion }),
        redirect: "error",
        signal: over.signal,
      });
      return { response, text: await shortText(response) };
    } finally {
      clearTimeout(limit);
      signal.removeEventListener("abort", end);
    }
  };
  const ask = async (isAgain = false): Promise<TokenAnswer> => {
    const assertion = await signAssertion({
      key: identity.signingKey,
      gatewayId: identity.gatewayId,
      audience: hubUrl,
      nowMs: clock.now(),
    });
    const { response, text } = await said(assertion).catch((error: unknown) => {
      throw new Fault("unavailable", "the hub cannot be reached", {}, error);
    });
    const hubMs = Date.parse(Refused.safeParse(jsonOf(text)).data?.hubTimeAt ?? "");
    if (response.status === 401 && !isAgain && Math.abs(hubMs - clock.now()) > OTHER_TIME_MS) {
      onHubTime(hubMs);
      return ask(true);
    }
    if (response.status === 401 || response.status === 403)
      throw new Fault("unauthorized", "the hub does not know this gateway: enrol it there");
    const parsed = response.ok ? Answer.safeParse(jsonOf(text)) : undefined;
    // Also where somebody else answers for the hub: a captive portal says 200 and shows a page.
    if (!parsed?.success)
      throw new Fault(
        "unavailable",
        `what answers at the hub's address is not a hub (status ${response.status})`,
      );
    const { data } = parsed.data;
    held = { token: data.access_token, untilMs: clock.now() + data.expires_in * 1000 };
    return data;
  };
  const renew = () => (asking ??= ask().finally(() => (asking = undefined)));
  return {
    renew,
    async get() {
      if (held && clock.now() < held.untilMs - MARGIN_MS) return held.token;
      return (await renew()).access_token;
    },
  };
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
