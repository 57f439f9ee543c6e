/**
 * `told-beside`: whether a device's own bytes are read, or what a network server's decoder told beside
 * them. Asked wherever messages come in: of brokers on a gateway, of webhooks on the hub.
 */
import type { FindDecoder } from "#shared/devices/decode-uplink.ts";
import { reportedPayload, reportedValues } from "#shared/devices/reported-values/decoder.ts";
import { toldObject, toldValues } from "#shared/formats/told-values.ts";
import type { Uplink } from "#shared/model/uplink.ts";

/** Whether bytes of this model speak for themselves: it is known, and not registered as one that tells values. */
export function isDecoded(model: string, find: FindDecoder): boolean {
  return model !== reportedValues.model && find(model) !== undefined;
}

/** The uplink with what the message around it told, as far as it is told in words that are known; its bytes stay. */
export function withTold<U extends Pick<Uplink, "payload">>(uplink: U, body: unknown): U {
  const told = toldObject(body);
  const values = told ? toldValues(told) : [];
  return values.length === 0
    ? uplink
    : { ...uplink, payload: reportedPayload(values, uplink.payload) };
}
