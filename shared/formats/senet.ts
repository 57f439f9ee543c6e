/**
 * `senet`: Senet's device data, one object for each uplink and gateway.
 *
 * @see Senet developer documentation, "Uplink message format"
 */
import { flatUplink } from "./flat-uplink.ts";
import type { Format } from "./format.ts";
import { readInstant } from "./instants.ts";
import { fieldsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";

const NAME = "senet";

export const senet: Format = {
  name: NAME,
  recognises({ body }) {
    const fields = fieldsOf(body);
    return fields !== undefined && "devEui" in fields && "pdu" in fields;
  },
  parse({ body }, context) {
    const fields = fieldsOf(body) ?? {};
    const megahertz = looseNumber(fields["freq"]);
    return flatUplink(
      {
        via: NAME,
        devEui: fields["devEui"],
        devAddr: fields["devAddr"],
        fCnt: fields["seqno"] ?? fields["seqNo"],
        fPort: fields["port"],
        data: fields["pdu"],
        encoding: "hex",
        time: readInstant(fields["txtime"] ?? fields["txTime"]),
        hearings: [{ antenna: fields["gwEui"], rssi: fields["rssi"], snr: fields["snr"] }],
        frequencyHz: megahertz === undefined ? undefined : megahertz * 1e6,
      },
      context,
    );
  },
};
