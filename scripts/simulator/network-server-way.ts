/** `network-server-way`: a device that is heard by a ChirpStack elsewhere, which tells it over MQTT. */
import { chirpstackEvent, topicOf } from "./chirpstack-event.ts";
import type { Way } from "./live-device.ts";
import type { PlannedDevice } from "./plan.ts";
import type { Publisher } from "./publisher.ts";

/** @param firstFCnt the counter it goes on with */
export function networkServerWay(
  device: PlannedDevice,
  antennas: readonly string[],
  publisher: Publisher,
  firstFCnt: number,
): Way {
  let fCnt = firstFCnt;
  return {
    name: "mqtt",
    isNew: false,
    ready: () => Promise.resolve(true),
    make: ({ fPort, payload, timeMs }) => ({
      devAddr: device.devAddr,
      fCnt: fCnt++,
      fPort,
      payloadHex: Buffer.from(payload).toString("hex"),
      timeMs,
      isConfirmed: device.isConfirmed,
    }),
    remember: () => ({ fCnt }),
    async send({ fCnt, fPort, payloadHex, timeMs }) {
      const payload = new Uint8Array(Buffer.from(payloadHex, "hex"));
      const body = chirpstackEvent(device, { fCnt, fPort, payload, timeMs }, antennas);
      return (await publisher.publish(topicOf(device), body)) ? "acknowledged" : "stopped";
    },
  };
}
