/**
 * `helium`: uplinks of Helium's console, as its MQTT and HTTP integrations send them.
 *
 * @see Helium documentation, "Console integrations, JSON message schema"
 */
import { epochMs, flatUplink } from "./flat-uplink.ts";
import { result, type Format } from "./format.ts";
import { fieldsOf, itemsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";
import { readDeviceId } from "./eui.ts";

const NAME = "helium";

export const helium: Format = {
  name: NAME,
  recognises({ body }) {
    const fields = fieldsOf(body);
    return (
      fields !== undefined &&
      "dev_eui" in fields &&
      ("hotspots" in fields || "reported_at" in fields)
    );
  },
  parse({ body }, context) {
    const fields = fieldsOf(body) ?? {};
    const type = fields["type"] ?? "uplink";
    if (type !== "uplink" || !("payload" in fields))
      return result({
        other: typeof type === "string" ? type : "event",
        about: readDeviceId(fields["dev_eui"], "dev_eui"),
      });
    const hotspots = itemsOf(fields["hotspots"]).map(fieldsOf);
    const megahertz = looseNumber(hotspots[0]?.["frequency"]);
    return flatUplink(
      {
        via: NAME,
        devEui: fields["dev_eui"],
        devAddr: fields["devaddr"],
        fCnt: fields["fcnt"],
        fPort: fields["port"],
        data: fields["payload"],
        encoding: "base64",
        time: epochMs(fields["reported_at"]),
        hearings: hotspots.map((hotspot) => ({
          antenna: hotspot?.["id"],
          rssi: hotspot?.["rssi"],
          snr: hotspot?.["snr"],
        })),
        sf: hotspots[0]?.["spreading"],
        frequencyHz: megahertz === undefined ? undefined : megahertz * 1e6,
      },
      context,
    );
  },
};
