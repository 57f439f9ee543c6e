/** Names in Radio Bridge's own decoder. */
import type { MakerField, MakerFields } from "../maker-field.ts";
import { radioBridge } from "./decoder.ts";

const celsius: MakerField = { register: "temperature", unit: "C" };
const words = (
  register: MakerField["register"],
  at: Readonly<Record<string, number>>,
): MakerField => ({ register, unit: "none", words: at });
const bit = (register: MakerField["register"], place: number): MakerField => ({
  register,
  unit: "none",
  bit: place,
  words: { True: 1, False: 0 },
});
const contact = { Closed: 0, Open: 1, "Contacts Shorted": 0, "Contacts Opened": 1 };
const faults = (
  "OpenCircuit VoltageOutsideRange TCTooLow TCTooHigh " +
  "ColdBelowThresh ColdAboveThresh HotOutsideRange ColdOutsideRange"
).split(" ");

export const radioBridgeFields: MakerFields = {
  devices: Object.fromEntries(
    radioBridge.filter(({ model }) => !model.endsWith("vshb")).map(({ model }) => [model, model]),
  ),
  fields: {
    "Supervisory.TamperState": { register: "tamper", unit: "none" },
    "Supervisory.TamperSinceLastReset": { register: "error_flags", unit: "none", bit: 4 },
    "Supervisory.ErrorWithLastDownlink": { register: "error_flags", unit: "none", bit: 2 },
    "Supervisory.BatteryLow": { register: "battery_low", unit: "none" },
    "Supervisory.RadioCommError": { register: "error_flags", unit: "none", bit: 0 },
    "Supervisory.Battery": {
      register: "battery_voltage",
      unit: "V",
      text: (leaf) => Number.parseFloat(leaf),
    },
    "Tamper.Event": words("tamper", { Open: 1, Closed: 0 }),
    "DoorWindow.Event": words("open", contact),
    "Contact.Event": words("open", contact),
    "Water.Event": words("leak", { "Water Present": 1, "Water Not Present": 0 }),
    "ABM.Event": words("motion", { "Movement Started": 1, "Movement Stopped": 0 }),
    "TempExt.currentTemperature": celsius,
    "TempInt.currentTemperature": celsius,
    "Tilt.Angle": { register: "angle_x", unit: "deg" },
    "TiltHP.Angle": { register: "angle_x", unit: "deg" },
    "TiltHP.Temperature": celsius,
    "ATH.Temperature": celsius,
    "ATH.Humidity": { register: "humidity", unit: "%" },
    "Ultrasonic.Distance": { register: "distance", unit: "mm" },
    "A420mA.Current": { register: "current_input", unit: "A", scale: -3 },
    "Voltmeter.Voltage": { register: "voltage_input", unit: "V" },
    "Thermocouple.Temperature": celsius,
    ...Object.fromEntries(
      faults.map((name, place) => [`Thermocouple.Fault.${name}`, bit("error_flags", place)]),
    ),
  },
  ignored: [
    "Protocol",
    "Counter",
    "Type",
    "Reset",
    "Button",
    "DeviceInfo",
    "Link_Quality",
    "DownlinkACK",
    "Supervisory.Accumulation",
    "Water.Relative",
    "TempExt.temperatureEvent",
    "TempExt.rawMeasurement",
    "TempInt.temperatureEvent",
    "Tilt.Event",
    "TiltHP.Event",
    "ATH.Event",
    "Ultrasonic.Event",
    "A420mA.Event",
    "Voltmeter.Event",
    "Thermocouple.Event",
  ],
};

/** The vibration sensor's decoder is one of its own; it tells inches. */
export const radioBridgeVibrationFields: MakerFields = {
  devices: { "radio-bridge/rbs306-vshb": "radio-bridge/rbs306-vshb" },
  fields: {
    vibration_velocity: {
      register: "velocity_x",
      unit: "mm/s",
      text: (inches) => Number(inches) * 25.4,
    },
    vibration_gforce: { register: "impact", unit: "g" },
    accelerator_temp: celsius,
    bias_voltage: { register: "voltage_input", unit: "V" },
  },
  ignored: ["axis", "event"],
};
