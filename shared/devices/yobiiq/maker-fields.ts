/** Names in Yobiiq's own decoders; a number stands beside its unit. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const CLOSED = { CLOSED: 1, OPEN: 0, ON: 1, OFF: 0, HIGH: 1, LOW: 0 };
/** The maker rounds kilovars and kilovoltamperes to hundredths. */
const thousandths = (n: number) => Number((n / 1000).toFixed(2));
const models = ["em2101", "em4301", "em4301-ct", "iq-dsmr-lrw", "iq-rm200-lrw"].map(
  (name) => `yobiiq/${name}`,
);
const energies = (phases: string): [string, MakerField][] =>
  ([1, 2] as const).flatMap((tariff): [string, MakerField][] => [
    [`activeEnergyImport${phases}T${tariff}.data`, { register: `1-0:1.8.${tariff}`, unit: "Wh" }],
    [`activeEnergyExport${phases}T${tariff}.data`, { register: `1-0:2.8.${tariff}`, unit: "Wh" }],
    [
      `reactiveEnergyImport${phases}T${tariff}.data`,
      { register: `1-0:3.8.${tariff}`, unit: "varh" },
    ],
    [
      `reactiveEnergyExport${phases}T${tariff}.data`,
      { register: `1-0:4.8.${tariff}`, unit: "varh" },
    ],
  ]);
const phases = ([1, 2, 3] as const).flatMap((phase): [string, MakerFields["fields"][string]][] => {
  const volts: MakerField = { register: `1-0:${phase * 20 + 12}.7.0` as "1-0:32.7.0", unit: "V" };
  const register = `1-0:${phase * 20 + 11}.7.0` as "1-0:31.7.0";
  const power = `1-0:${phase * 20 + 1}.7.0` as "1-0:21.7.0";
  return [
    [`voltageL${phase}N.data`, volts],
    [`voltageL${phase}.data`, volts],
    // Milliamperes in meters, amperes in what a P1 port says.
    [
      `currentL${phase}.data`,
      [
        { register, unit: "A", scale: -3 },
        { register, unit: "A" },
      ],
    ],
    [`activePowerL${phase}.data`, { register: power, unit: "W" }],
    [`activePowerDeliveredL${phase}.data`, { register: power, unit: "W" }],
    [
      `powerFactorL${phase}`,
      { register: `1-0:${phase * 20 + 13}.7.0` as "1-0:33.7.0", unit: "none" },
    ],
  ];
});

export const yobiiqFields: MakerFields = {
  devices: Object.fromEntries(models.map((model) => [model, model])),
  fields: {
    ...Object.fromEntries([...energies("L1"), ...energies("L123"), ...phases]),
    dataloggerTimestamp: "time",
    deviceTimestamp: "time",
    "currentL123.data": { register: "1-0:11.7.0", unit: "A", scale: -3 },
    "activePowerL123.data": { register: "1-0:1.7.0", unit: "W" },
    "reactivePowerL1.data": { register: "1-0:3.7.0", unit: "var", shown: thousandths },
    "apparentPowerL1.data": { register: "1-0:9.7.0", unit: "VA", shown: thousandths },
    "frequency.data": { register: "1-0:14.7.0", unit: "Hz" },
    "averagePower.data": { register: "power_mean", unit: "W" },
    "electricityDeliveredToClientT1.data": { register: "1-0:1.8.1", unit: "Wh" },
    "electricityDeliveredToClientT2.data": { register: "1-0:1.8.2", unit: "Wh" },
    "electricityDeliveredByClientT1.data": { register: "1-0:2.8.1", unit: "Wh" },
    "electricityDeliveredByClientT2.data": { register: "1-0:2.8.2", unit: "Wh" },
    "electricityPowerDelivered.data": { register: "1-0:1.7.0", unit: "W" },
    internalCircuitTemperature: { register: "ambient_temperature", unit: "C" },
    ambientTemperature: { register: "temperature", unit: "C" },
    ambientHumidity: { register: "humidity", unit: "%" },
    pulseCounterDryInput1: { register: "pulses", unit: "count" },
    pulseCounterDryInput2: { register: "pulses_2", unit: "count" },
    relayStatus: { register: "relay", unit: "none", words: CLOSED },
    digitalInputStatus: { register: "input", unit: "none", words: CLOSED },
    channel1State: { register: "relay", unit: "none", words: CLOSED },
    channel2State: { register: "relay_2", unit: "none", words: CLOSED },
    channel1Counter: { register: "switch_count", unit: "count" },
  },
  ignored: ["timestamp", "telegramTimestamp", "internalCircuitHumidity", "channel2Counter"],
  settings:
    /\.unit$|^(codecVersion|genericModel|productCode|manufacturer|modbusErrorCode|index)$|Override|^(hardware|firmware)|^device(SerialNumber|Class|Model)$|TransformerRatio$|^powerEvent$|(Fallback|Dynamic)/,
};
