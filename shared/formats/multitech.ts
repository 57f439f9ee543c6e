/**
 * `multitech`: the network server inside MultiTech Conduit gateways: one flat object for each
 * uplink, on `lora/{deveui}/up` and its relatives.
 *
 * @see MultiTech Developer Resources, "LoRa network server, MQTT messages"
 */
import { result, type Format } from "./format.ts";
import { flatUplink } from "./flat-uplink.ts";
import { readDeviceId } from "./eui.ts";
import { readInstant } from "./instants.ts";
import { fieldsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";

const NAME = "multitech";
/** `lora/<eui>/<what>` and `lora/<application>/<eui>/<what>`. */
const TOPIC = /^lora\/(?:[^/]+\/)*([^/]+)\/([a-z_]+)$/;

export const multitech: Format = {
  name: NAME,
  recognises({ body }) {
    const fields = fieldsOf(body);
    return (
      fields !== undefined &&
      "deveui" in fields &&
      ("fcnt" in fields || "data" in fields || "joineui" in fields || "appeui" in fields)
    );
  },
  parse({ topic, body }, context) {
    const fields = fieldsOf(body) ?? {};
    const what = topic === null ? undefined : TOPIC.exec(topic)?.[2];
    const isUp = what === undefined || what === "up" || what === "packet_recv";
    if (!isUp || (!("data" in fields) && !("fcnt" in fields)))
      return result({ other: what ?? "unknown", about: readDeviceId(fields["deveui"], "deveui") });
    const megahertz = looseNumber(fields["freq"]);
    return flatUplink(
      {
        via: NAME,
        devEui: fields["deveui"],
        devAddr: fields["devaddr"],
        fCnt: fields["fcnt"],
        fPort: fields["port"],
        data: fields["data"],
        encoding: "base64",
        time: readInstant(fields["time"]),
        hearings: [{ antenna: fields["gweui"], rssi: fields["rssi"], snr: fields["lsnr"] }],
        sf: fields["datr"],
        frequencyHz: megahertz === undefined ? undefined : megahertz * 1e6,
      },
      context,
    );
  },
};
