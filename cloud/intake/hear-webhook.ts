/**
 * `hear-webhook`: a request's JSON → uplinks → kept. Tells for each what became of it, and only
 * after it is durable.
 *
 * A message that is wrong is the sender's to know: it is refused with words. One part that is
 * wrong never costs its neighbours.
 */
import type { DeviceDoc, Hub } from "#cloud/hub/hub.ts";
import { ownMappings } from "#cloud/hub/mapping-store.ts";
import { reportedPayload } from "#shared/devices/reported-values/decoder.ts";
import type { FindDecoder } from "#shared/devices/decode-uplink.ts";
import type { Format, FormatResult, HeardUplink } from "#shared/formats/format.ts";
import { mappedFormat } from "#shared/formats/json-mapping.ts";
import { recognise } from "#shared/formats/list.ts";
import { readMessage } from "#shared/formats/message.ts";
import type { Ear, Kept } from "#shared/keep/ear.ts";
import { isDecoded, withTold } from "#shared/keep/told-beside.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { DeviceId, OrganizationId, TenantName } from "#shared/model/ids.ts";
import type { Refusal, Tally } from "#shared/model/refusals.ts";
import { systemScope } from "#shared/model/scope.ts";

export interface HearWebhookParts {
  readonly hub: Hub;
  readonly tally: Tally;
  /** What decodes a community's models. */
  readonly findersOf: (tenant: TenantName) => FindDecoder;
  /** @throws Fault when this sender may tell nothing of a device */
  readonly mayTell: (deviceId: DeviceId) => void;
}

type Found = FormatResult & { readonly via: string };

export interface WebhookOutcome {
  readonly deviceId: DeviceId | null;
  /** `kept`, `repeat` (kept before), `stranger` (not registered: waits), `ignored` (holds no reading), `refused` (one wrong part of a list). */
  readonly outcome: Kept | "ignored" | "refused";
  /** The format, or the message's kind where it holds nothing to keep. */
  readonly as: string;
  readonly at: string | null;
  /** Why it was refused. */
  readonly why?: string;
}

/** Parts of one request at most: a batch of a day of hours of a large site. */
const MOST_MESSAGES = 1_000;
const MOST_PAYLOAD_BYTES = 8_192;
const encoder = new TextEncoder();
const scope = systemScope("webhooks");

/**
 * @param topic a hint where the message alone does not say its kind, such as `/event/up`
 * @throws Fault "invalid" with words, "too_large", "too_many", "unavailable"
 */
export async function hearWebhook(
  { hub, tally, findersOf, mayTell }: HearWebhookParts,
  organizationId: OrganizationId,
  ear: Ear,
  text: string,
  topic: string | null,
): Promise<WebhookOutcome[]> {
  const heardAt = hub.clock.now();
  const bodies = messagesOf(text, tally);
  const image = await hub.registry.organization(organizationId);
  const devices = await image.freshOf<DeviceDoc>("device");
  const tenants = new Map(
    (await hub.communities.list(scope)).map(({ communityId, tenant }) => [communityId, tenant]),
  );
  const areBytesRead = (deviceId: DeviceId) => {
    const device = devices.get(`device:${deviceId}`);
    const tenant = device?.communityId ? tenants.get(device.communityId) : undefined;
    return (
      tenant !== undefined && device !== undefined && isDecoded(device.model, findersOf(tenant))
    );
  };
  const mappings = (await ownMappings(hub.registry, organizationId, null)).map(({ mapping }) =>
    mappedFormat(mapping),
  );
  const isAlone = bodies.length === 1;
  const all = await Promise.all(
    bodies.map(async (body): Promise<WebhookOutcome[]> => {
      try {
        const found = read(body, topic, heardAt, tally, mappings);
        const uplinks = uplinksOf(found, body, areBytesRead);
        for (const { deviceId, payload } of uplinks) {
          mayTell(deviceId);
          if (payload.length > MOST_PAYLOAD_BYTES)
            throw refused(tally, "message_too_large", "A payload has at most 8192 bytes.");
        }
        const kept = uplinks.map(async (uplink): Promise<WebhookOutcome> => {
          const outcome = await ear.hear({ ...uplink, heardAt });
          const at = new Date(uplink.time).toISOString();
          return { deviceId: uplink.deviceId, outcome, as: found.via, at };
        });
        return [...ignoredOf(found), ...(await allOf(kept))];
      } catch (error) {
        const isTheirs =
          isFault(error) && error.code !== "unavailable" && error.code !== "too_many";
        if (isAlone || !isTheirs) throw error;
        return [{ deviceId: null, outcome: "refused", as: "none", at: null, why: error.message }];
      }
    }),
  );
  return all.flat();
}

/** All of them, and a failure only after each has settled. What was kept stays kept: sent again, it is a repeat. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

function ignoredOf(found: Found): WebhookOutcome[] {
  const [join] = found.joins;
  if (found.other === null && !join) return [];
  const about = found.about ?? join?.deviceId ?? null;
  return [
    {
      deviceId: about as DeviceId | null,
      outcome: "ignored",
      as: `${found.via}: ${found.other ?? "join"}`,
      at: null,
    },
  ];
}

function uplinksOf(
  found: Found,
  body: unknown,
  areBytesRead: (deviceId: DeviceId) => boolean,
): HeardUplink[] {
  const measured = found.measured.map(({ deviceId, reading }): HeardUplink => ({
    deviceId,
    session: null,
    fCnt: null,
    fPort: null,
    payload: reportedPayload(reading.values),
    time: reading.time,
    timeSource: reading.timeSource,
    radio: null,
    via: found.via,
  }));
  const uplinks = found.uplinks.map((uplink) =>
    areBytesRead(uplink.deviceId) ? uplink : withTold(uplink, body),
  );
  return [...uplinks, ...measured];
}

/** One message, or a list of them. */
function messagesOf(text: string, tally: Tally): unknown[] {
  let body: unknown;
  try {
    ({ body } = readMessage(null, encoder.encode(text)));
  } catch (error) {
    if (!isFault(error)) throw error;
    throw refused(
      tally,
      error.code === "too_large" ? "message_too_large" : "json_malformed",
      error.message,
    );
  }
  if (body instanceof Uint8Array) throw refused(tally, "json_malformed", "The body is not JSON.");
  const bodies = Array.isArray(body) ? (body as unknown[]) : [body];
  if (bodies.length > MOST_MESSAGES)
    throw refused(tally, "message_too_large", `A request has at most ${MOST_MESSAGES} messages.`);
  return bodies;
}

/** A known format, else one that the organization wrote itself. */
function read(
  body: unknown,
  topic: string | null,
  heardAt: number,
  tally: Tally,
  mappings: readonly Format[],
): Found {
  const message = { topic, body };
  const format = recognise(message) ?? mappings.find((mapping) => mapping.recognises(message));
  if (!format)
    throw refused(
      tally,
      "message_unrecognised",
      "This JSON is of no known kind: ChirpStack, The Things Stack, another network server's, or dev_eui with values.",
    );
  try {
    return { ...format.parse(message, { heardAt }), via: format.name };
  } catch (error) {
    if (!isFault(error)) throw error;
    throw refused(tally, "message_invalid", error.message, error.details);
  }
}

function refused(
  tally: Tally,
  reason: Refusal,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): Fault {
  tally.refused(reason);
  return new Fault(reason === "message_too_large" ? "too_large" : "invalid", message, {
    ...details,
    reason,
  });
}
