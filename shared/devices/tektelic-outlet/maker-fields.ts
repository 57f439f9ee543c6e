/** Names in Tektelic's own decoders, the same over all its models. */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { MakerField, MakerFields } from "../maker-field.ts";

const is = (register: RegisterId, unit: Unit): MakerField => ({ register, unit });
const state = (register: RegisterId): MakerField => is(register, "none");
const axes = (group: string, suffix: string) =>
  Object.fromEntries(
    (["x", "y", "z"] as const).map((axis): [string, MakerField] => [
      `${group}.${axis}${suffix}`,
      is(`acceleration_${axis}`, "g"),
    ]),
  );
const all = (model: string, ...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`tektelic/${name}`, `tektelic/${model}`]));

export const tektelicFields: MakerFields = {
  devices: {
    ...all("aura", "t000662x-aura", "t000662x-flux"),
    ...all("ac-outlet-gen1", "t000589x-ac-outlet-gen1", "t000589x-ac-switch-gen1"),
    ...all("smart-room-base", "t000489x-smart-room-base"),
    ...all("smart-room-pir", "t00048xx-smart-room-pir"),
    ...all("comfort", "t00061xx-comfort"),
    ...all("vivid", "t00061xx-vivid"),
    ...all("breeze", "t0007806-breeze-v"),
    ...all("smart-room-co2", "t00078xx-smart-room-sensor-co2"),
    ...all(
      "industrial-transceiver",
      "t00053xx-industrial-transceiver",
      "t00055xx-industrial-transceiver",
      "t00056xx-industrial-transceiver",
    ),
    ...all("tundra", "t00067xx-tundra-sensor", "t00073xx-tundra-sensor"),
    ...all("clover", "t00059xx-clover", "t00059xx-kiwi"),
    ...all(
      "asset",
      "t0006909-pelican",
      "t0007127-robin",
      "t0007367-pelican-ex",
      "t0007377-pelican",
      "t0007392-finch",
      "t0007xxx-sparrow",
    ),
  },
  fields: {
    rms_voltage: is("1-0:12.7.0", "V"),
    rms_current: is("1-0:11.7.0", "A"),
    line_frequency: is("1-0:14.7.0", "Hz"),
    real_power: is("1-0:1.7.0", "W"),
    apparent_power: is("1-0:9.7.0", "VA"),
    reactive_power: is("1-0:3.7.0", "var"),
    power_factor: is("1-0:13.7.0", "none"),
    relay_closed: state("on"),
    "sensor_state.relay_closed": state("on"),
    "energy_consumption_meter.elapsed_time": is("operating_time", "s"),
    "energy_consumption_meter.energy_consumed": is("1-0:1.8.0", "Wh"),
    ambient_temperature: is("temperature", "C"),
    temperature: is("temperature", "C"),
    relative_humidity: is("humidity", "%"),
    battery_voltage: is("battery_voltage", "V"),
    // One of them is shown without its decimals.
    battery: [
      is("battery_voltage", "V"),
      { register: "battery_voltage", unit: "V", shown: (n) => Math.round(n / 100) },
    ],
    "Battery Status.level": is("battery_voltage", "V"),
    "battery_status.battery_life": is("battery_voltage", "V"),
    rem_batt_capacity_sensor: is("battery", "%"),
    remaining_battery_capacity: is("battery", "%"),
    reed_state: state("open"),
    reed_count: is("open_count", "count"),
    external_probe_reed_switch_state: state("open"),
    external_probe_reed_switch_count: is("open_count", "count"),
    light_detected: state("light"),
    light_intensity: [is("illuminance", "lux"), is("light_level", "none")],
    light_alarm: state("alarm"),
    orientation_alarm: state("alarm_2"),
    accel_alarm_status: state("alarm"),
    impact_magnitude: is("impact", "g"),
    acceleration_magnitude: is("impact", "g"),
    impact_alarm: state("alarm"),
    moisture: state("moisture"),
    motion_event_state: state("motion"),
    motion_event_count: is("motion_count", "count"),
    external_connector_state: state("input"),
    external_connector_count: is("pulses", "count"),
    external_connector_analog_mv: is("voltage_input", "V"),
    external_probe_thermistor_analog_input: is("voltage_input", "V"),
    extconnector_state: state("input"),
    extconnector_count: is("pulses", "count"),
    extconnector_analog: is("voltage_input", "V"),
    ...axes("acceleration", ""),
    ...axes("acceleration", "axis"),
    ...axes("Acceleration", ""),
    ...axes("Accelerometer Data", ""),
    co2_concentration_filtered: is("co2", "ppm"),
    co2_pressure_compensated: is("co2", "ppm"),
    atmospheric_pressure: is("pressure", "hPa"),
    barometric_pressure: is("pressure", "hPa"),
    output1: state("output"),
    "change_output_states.output1": state("output"),
    "change_output_states.output2": state("output_2"),
    output2: state("output_2"),
    input_1: state("input"),
    input_1_count: is("pulses", "count"),
    input_2: is("current_input", "A"),
    input_3: is("voltage_input", "V"),
  },
  // The frame itself.
  ignored: ["port", "raw"],
  // Answers to settings come on other ports. What is known before it was filtered, of the chip, or of a display.
  settings:
    /^(mcu_temperature|co2_(concentration_)?raw|rem\w*_display\w*|duration_\w+|count|input[1-6]_\w+|energy_consumption_meter_status|.*eos_alert|(LoRaMAC|Ticks|loramac|request|reset)\w*.*|[a-z_]+_(eui|key|address)|.*(mode|config|options|version|number|threshold|period|tick).*)$/i,
};
