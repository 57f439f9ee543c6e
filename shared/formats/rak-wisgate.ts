/**
 * `rak-wisgate`: the network server inside RAK WisGate gateways. Its body is an older
 * ChirpStack's, and says of itself how the payload is written.
 *
 * @see RAK documentation, WisGateOS, "Built-in network server, MQTT"
 */
import { Fault } from "#shared/model/fault.ts";
import { isFlatEvent, parseFlatEvent } from "./chirpstack-v3.ts";
import { fromHex } from "./flat-uplink.ts";
import type { Format } from "./format.ts";
import { fieldsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";

const NAME = "rak-wisgate";

/** Where no gateway gave a time, the server's own is in `timestamp`, in seconds. */
function withTime(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const seconds = looseNumber(fields["timestamp"]);
  const isSet = seconds !== undefined && seconds > 1e9 && seconds < 4.1e9;
  return isSet ? { publishedAt: new Date(seconds * 1000).toISOString(), ...fields } : fields;
}

export const rakWisgate: Format = {
  name: NAME,
  recognises: ({ body }) => isFlatEvent(body) && "data_encode" in body,
  parse({ topic, body }, context) {
    const fields = withTime(fieldsOf(body) ?? {});
    const encoding = fields["data_encode"];
    if (encoding === "base64") return parseFlatEvent({ topic, body: fields }, context, NAME);
    if (encoding !== "hexstring")
      throw new Fault("invalid", "data_encode is neither base64 nor hexstring.", {
        field: "data_encode",
      });
    const data = Buffer.from(fromHex(fields["data"] ?? "", "data")).toString("base64");
    return parseFlatEvent({ topic, body: { ...fields, data } }, context, NAME);
  },
};
