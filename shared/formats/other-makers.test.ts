/** Messages of known formats from other models and versions than the examples beside them. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FormatResult } from "./format.ts";
import { recognise } from "./list.ts";
import { readMessage } from "./message.ts";

const test = suite("formats of other makers");
const HEARD_AT = Date.UTC(2026, 10, 1);

function read(topic: string | null, body: unknown): FormatResult & { name: string } {
  const message = readMessage(topic, new TextEncoder().encode(JSON.stringify(body)));
  const format = recognise(message);
  assert.ok(format, "some format knows it");
  return { name: format.name, ...format.parse(message, { heardAt: HEARD_AT }) };
}
/** Register → number as text, with its unit. */
const valuesOf = ({ measured }: FormatResult) =>
  Object.fromEntries(
    measured.flatMap(({ reading }) =>
      reading.values.map(({ register, n, scale, unit }) => [
        register,
        `${Number(`${n}e${scale}`)} ${unit}`,
      ]),
    ),
  );

test("what ThingPark says of a sent downlink is known as its own, in its own spelling", () => {
  const sent = read(null, {
    DevEUI_downlink_Sent: {
      Time: "2020-01-01T00:00:00.000+01:00",
      DevEUI: "0018B20000000B20",
      DeliveryStatus: "1",
    },
  });
  assert.equal(
    [sent.name, sent.other, sent.about],
    ["thingpark", "DevEUI_downlink_Sent", "0018b20000000b20"],
  );
});

test("a time in milliseconds written as text is a time", () => {
  const { uplinks } = read(null, {
    cmd: "rx",
    EUI: "BE7A000000000552",
    ts: "1470850675433",
    fcnt: "1",
    port: "2",
    data: "2d",
  });
  assert.equal(
    [uplinks[0]?.time, uplinks[0]?.fCnt, uplinks[0]?.timeSource],
    [1_470_850_675_433, 1, "server"],
  );
});

test("Kerlink's first frame is one though its counter is left out", () => {
  const { uplinks } = read(null, {
    endDevice: { devEui: "70B3D54B10000012" },
    fPort: 2,
    payload: "CgsM",
    encodingType: "BASE64",
  });
  assert.equal([uplinks.length, uplinks[0]?.fCnt], [1, 0]);
});

test("an older ChirpStack's event without its application is still one", () => {
  const { uplinks } = read("any", {
    devEUI: "24E124538B223213",
    data: "AXVk",
    fPort: "85",
    fCnt: "12",
    rxInfo: [],
  });
  assert.equal([uplinks[0]?.deviceId, uplinks[0]?.fCnt], ["24e124538b223213", 12]);
});

test("a WisGate's own seconds are the time where no gateway gave one", () => {
  const { name, uplinks } = read("application/App/device/ac1f09fffe000001/rx", {
    applicationID: "1",
    data: "AQID",
    data_encode: "base64",
    devEUI: "ac1f09fffe000001",
    fCnt: 3,
    fPort: 2,
    rxInfo: [{ gatewayID: "ac1f09fffe000000", rssi: -50 }],
    timestamp: 1_600_000_000,
  });
  assert.equal([name, uplinks[0]?.time], ["rak-wisgate", 1_600_000_000_000]);
});

test("of three phases each has its own registers", () => {
  const shelly = read("x/events/rpc", {
    src: "shellypro3em-a",
    method: "NotifyStatus",
    params: {
      ts: 1_700_000_000,
      "em:0": { id: 0, b_voltage: 231, c_act_power: 4, total_act_power: 109 },
      "emdata:0": { id: 0, a_total_act_energy: 10, total_act: 12345.6 },
    },
  });
  assert.equal(valuesOf(shelly), {
    "1-0:1.7.0": "109 W",
    "1-0:52.7.0": "231 V",
    "1-0:61.7.0": "4 W",
    "1-0:1.8.0": "12345.6 Wh",
    "1-0:21.8.0": "10 Wh",
  });
  const zigbee = read("zigbee2mqtt/m", { linkquality: 3, power: 3, power_phase_b: 10 });
  assert.equal(valuesOf(zigbee), { "1-0:1.7.0": "3 W", "1-0:41.7.0": "10 W" });
  const radio = read("w", {
    media: "electricity",
    meter: "amiplus",
    id: "76348799",
    total_energy_consumption_tariff_1_kwh: 100,
    voltage_at_phase_2_v: 231,
  });
  assert.equal(valuesOf(radio), { "1-0:1.8.1": "100 kWh", "1-0:52.7.0": "231 V" });
});

test("an input that counts pulses says nothing of the mains, nor a smoke alarm of a leak", () => {
  const input = read("x/status/input:2", { id: 2, counts: { total: 12_345 }, freq: 0 });
  assert.equal(valuesOf(input), { pulses: "12345 count" });
  assert.equal(valuesOf(read("x/status/smoke:0", { id: 0, alarm: true })), {});
});

test("apparent power is no active power, and degrees Fahrenheit are not taken for Celsius", () => {
  const plug = read("tele/plug/SENSOR", {
    Time: "2020-01-01T00:00:00",
    ENERGY: { Total: 3.185, ApparentPower: 2, ReactivePower: 1 },
  });
  assert.equal(valuesOf(plug), {
    "1-0:1.8.0": "3.185 kWh",
    "1-0:9.7.0": "2 VA",
    "1-0:3.7.0": "1 var",
  });
  const room = read("tele/x/SENSOR", {
    Time: "2020-01-01T00:00:00",
    AM2301: { Temperature: 70, Humidity: 50 },
    TempUnit: "F",
  });
  assert.equal(valuesOf(room), { humidity: "50 %" });
  const meter = read("tele/m/SENSOR", { Time: "2020-01-01T00:00:00", SML: { Total_in: 123.4 } });
  assert.equal(valuesOf(meter), { "1-0:1.8.0": "123.4 kWh" });
});

test("a radiator valve tells the room, what is wanted, and how far it is open", () => {
  const valve = read("zigbee2mqtt/trv", {
    linkquality: 10,
    local_temperature: 20.5,
    occupied_heating_setpoint: 21,
    pi_heating_demand: 30,
  });
  assert.equal(valuesOf(valve), {
    temperature: "20.5 C",
    temperature_target: "21 C",
    valve_position: "30 %",
  });
});

test.run();
