/** `milesight-maker-fields`: names in Milesight's decoders, the same over all its models. */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import { ambience } from "./milesight-ambience/decoder.ts";
import { milesightCommands } from "./milesight-commands/decoder.ts";
import { ct101, ct103, ct105 } from "./milesight-ct101/decoder.ts";
import { ct303, ct305, ct310 } from "./milesight-ct303/decoder.ts";
import { environment } from "./milesight-environment/decoder.ts";
import { io } from "./milesight-io/decoder.ts";
import { people } from "./milesight-people/decoder.ts";
import { room } from "./milesight-room/decoder.ts";
import { sockets } from "./milesight-ws52x/decoder.ts";
import type { MakerField, MakerFields, MakerMeaning } from "./maker-field.ts";

const models = [
  [ambience, environment, io, people, room, sockets, milesightCommands],
  [[ct101, ct103, ct105, ct303, ct305, ct310]],
]
  .flat(2)
  .map(({ model }) => model.slice("milesight/".length));

const is = (register: RegisterId, unit: Unit, scale?: number): MakerField => ({
  register,
  unit,
  ...(scale === undefined ? {} : { scale }),
});
const state = (register: RegisterId, off: string, on: string, more = {}): MakerField => ({
  register,
  unit: "none",
  words: { [off]: 0, [on]: 1, ...more },
});
/** Words of alarms, over all models. */
const ALARM_WORDS = {
  normal: 0,
  abnormal: 1,
  "threshold alarm release": 0,
  "threshold alarm": 1,
  threshold_alarm_release: 0,
  threshold_alarm: 1,
  temperature_threshold_alarm_release: 0,
  temperature_threshold_alarm: 1,
  temperature_mutation_alarm: 2,
  "mutation alarm": 2,
  mutation_alarm: 2,
  "temperature threshold alarm release": 0,
  "temperature threshold alarm": 1,
  "temperature mutation alarm": 2,
  "high temperature alarm": 3,
  "high temperature alarm release": 4,
  false: 0,
  true: 1,
};
/** Alarms told as an object with a kind in it, where nothing could be measured. */
const MEASURE_WORDS = {
  ...ALARM_WORDS,
  "collection error": 0,
  "lower range error": 1,
  "over range error": 2,
  "no data": 3,
  "alarm deactivation": 0,
  "alarm trigger": 1,
};
const kindOfAlarm = (register: RegisterId): MakerField => ({
  register,
  unit: "none",
  words: MEASURE_WORDS,
});
const alarm = (register: RegisterId): MakerField => ({
  register,
  unit: "none",
  words: ALARM_WORDS,
});
const currentAlarm = (register: RegisterId, name: string): Record<string, MakerField> =>
  Object.fromEntries(
    [
      "current_threshold_alarm",
      "current_threshold_alarm_release",
      "current_over_range_alarm",
      "current_over_range_alarm_release",
    ].map((bitName, bit): [string, MakerField] => [
      `${name}.${bitName}`,
      { register, unit: "none", bit, words: { yes: 1, no: 0 } },
    ]),
  );
/** `name_1` … as the registers given. */
const numbered = (
  before: string,
  after: string,
  registers: readonly RegisterId[],
  field: (register: RegisterId) => MakerField,
): Record<string, MakerField> =>
  Object.fromEntries(
    registers.map((register, place): [string, MakerField] => [
      `${before}${place + 1}${after}`,
      field(register),
    ]),
  );
const count = (register: RegisterId) => is(register, "count");
const plain = (register: RegisterId) => is(register, "none");
const PULSES = ["pulses", "pulses_2", "pulses_3", "pulses_4"] as const;
const INPUTS = ["input", "input_2", "input_3", "input_4"] as const;
const AREAS = ["people_area", "people_area_2", "people_area_3", "people_area_4"] as const;
const IN = ["people_in", "people_in_2", "people_in_3", "people_in_4"] as const;
const OUT = ["people_out", "people_out_2", "people_out_3", "people_out_4"] as const;
const IN_NOW = [
  "people_in_period",
  "people_in_period_2",
  "people_in_period_3",
  "people_in_period_4",
] as const;
const OUT_NOW = [
  "people_out_period",
  "people_out_period_2",
  "people_out_period_3",
  "people_out_period_4",
] as const;

const fields: Record<string, MakerMeaning> = {
  timestamp: "time",
  battery: is("battery", "%"),
  battery_main: is("battery", "%"),
  temperature: is("temperature", "C"),
  temperature_chn1: is("temperature", "C"),
  temperature_chn2: is("temperature_2", "C"),
  temperature_alarm: alarm("temperature_alarm"),
  temperature_abnormal: alarm("temperature_alarm"),
  "temperature_alarm.type": kindOfAlarm("temperature_alarm"),
  "humidity_alarm.type": kindOfAlarm("humidity_alarm"),
  vaping_index: is("vaping", "none"),
  buzzer: state("buzzer", "normal", "triggered"),
  pm1_0: is("pm1", "ug/m3"),
  temperature_control_status: {
    register: "heating_state",
    unit: "none",
    words: { standby: 0, heating: 1, cooling: 2 },
  },
  target_temperature_1: is("temperature_target", "C"),
  target_temperature_2: is("temperature_target_2", "C"),
  temperature_mutation: is("temperature_change", "K"),
  target_temperature: is("temperature_target", "C"),
  humidity: [
    is("humidity", "%"),
    is("soil_moisture", "%"),
    // An older decoder takes the lower byte of the hundredths for halves of a percent.
    { register: "soil_moisture", unit: "%", shown: (n) => (n & 0xff) / 2 },
  ],
  humidity_alarm: alarm("humidity_alarm"),
  moisture: is("soil_moisture", "%"),
  conductivity: is("soil_conductivity", "uS/cm"),
  ec: is("soil_conductivity", "uS/cm"),
  electricity: is("soil_conductivity", "uS/cm"),
  activity: plain("activity"),
  illumination: is("illuminance", "lux"),
  infrared_and_visible: plain("light_visible_infrared"),
  infrared: plain("light_infrared"),
  light_level: plain("light_level"),
  light: [is("illuminance", "lux"), state("light", "dark", "light")],
  daylight: state("light", "dark", "light"),
  illuminance: [is("illuminance", "lux"), state("light", "dim", "bright")],
  illuminance_status: state("light", "dim", "bright"),
  pir: state("motion", "idle", "trigger", { normal: 0 }),
  co2: is("co2", "ppm"),
  // Older decoders show the index without its decimals.
  tvoc: [is("tvoc", "ppb"), is("iaq", "none"), is("iaq", "none", -2), is("tvoc", "ug/m3")],
  pressure: [is("pressure", "hPa"), is("pressure_pipe", "kPa")],
  hcho: is("hcho", "mg/m3"),
  o3: is("ozone", "ppm"),
  nh3: is("ammonia", "ppm"),
  h2s: is("hydrogen_sulfide", "ppm"),
  pm2_5: is("pm2_5", "ug/m3"),
  pm10: is("pm10", "ug/m3"),
  beep: state("buzzer", "no", "yes"),
  buzzer_status: state("buzzer", "off", "on"),
  water: [state("leak", "normal", "leak"), plain("counted")],
  leakage_status: state("leak", "normal", "leak"),
  leak_status: state("leak", "no leak", "leak"),
  door: state("open", "close", "open", { closed: 0 }),
  magnet_status: state("open", "close", "open", { closed: 0 }),
  magnet: state("open", "close", "open", { closed: 0, closed_: 0, opened: 1 }),
  magnet_chn1: state("open", "close", "open", { closed: 0, opened: 1 }),
  magnet_chn2: state("open_2", "close", "open", { closed: 0, opened: 1 }),
  install: state("tamper", "yes", "no"),
  tamper_status: state("tamper", "installed", "uninstalled", {
    install: 0,
    uninstall: 1,
    normal: 0,
    triggered: 1,
  }),
  distance: is("distance", "mm"),
  distance_alarm: alarm("distance_alarm"),
  distance_alarming: alarm("distance_alarm"),
  remaining: is("fill", "%"),
  depth: is("level", "mm", 1),
  position: state("tilted", "normal", "tilt"),
  liquid: plain("liquid"),
  angle_x: is("angle_x", "deg"),
  angle_y: is("angle_y", "deg"),
  angle_z: is("angle_z", "deg"),
  threshold_x: state("tilt_x", "normal", "trigger"),
  threshold_y: state("tilt_y", "normal", "trigger"),
  threshold_z: state("tilt_z", "normal", "trigger"),
  wind_direction: is("wind_direction", "deg"),
  wind_speed: is("wind_speed", "m/s"),
  rainfall_total: is("rain", "mm"),
  state: state("gas_leak", "normal", "abnormal"),
  gas_status: state("gas_leak", "normal", "abnormal"),
  valve: state("valve", "close", "open"),
  valve_status: [
    state("valve", "off", "on"),
    // Neither shut nor open: the maker has no word for it.
    { register: "valve_position", unit: "%", words: { off: 0, on: 100, unknown: 1 } },
  ],
  valve_opening: is("valve_position", "%"),
  relay: state("relay", "close", "open"),
  relay_output_status: state("relay", "off", "on"),
  life_remain: {
    register: "operating_time",
    unit: "s",
    text: (leaf) => Number.parseInt(leaf, 10),
  },
  occupancy: state("occupied", "vacant", "occupied"),
  people_counter_all: count("people"),
  people_count_all: count("people"),
  people_total_counts: count("people"),
  people_total_in: count("people_in"),
  people_total_out: count("people_out"),
  people_in: count("people_in_period"),
  people_out: count("people_out_period"),
  total_in: count("people_in"),
  total_out: count("people_out"),
  total_counter_in: count("people_in"),
  total_counter_out: count("people_out"),
  period_in: count("people_in_period"),
  period_out: count("people_out_period"),
  periodic_counter_in: count("people_in_period"),
  periodic_counter_out: count("people_out_period"),
  total_count_alarm: alarm("people_alarm"),
  period_count_alarm: alarm("people_alarm"),
  ...numbered("line_", ".total_in", IN, count),
  ...numbered("line_", ".total_out", OUT, count),
  ...numbered("line_", ".period_in", IN_NOW, count),
  ...numbered("line_", ".period_out", OUT_NOW, count),
  ...numbered("line_", "_total_in", IN, count),
  ...numbered("line_", "_total_out", OUT, count),
  ...numbered("line_", "_period_in", IN_NOW, count),
  ...numbered("line_", "_period_out", OUT_NOW, count),
  ...numbered("region_", "_count", AREAS, count),
  ...Object.fromEntries(
    Array.from({ length: 32 }, (_, bit) => {
      const area: MakerField = {
        register: "occupied_areas",
        unit: "none",
        bit,
        words: { vacant: 0, occupied: 1 },
      };
      return [
        [`region_${bit + 1}`, area],
        [`region_${bit + 1}_occupancy`, area],
      ];
    }).flat(),
  ),
  gpio: state("input", "low", "high", { off: 0, on: 1 }),
  gpio_status: state("input", "low", "high", { off: 0, on: 1 }),
  pulse: count("pulses"),
  ...numbered("gpio_input_", "", INPUTS, (register) =>
    state(register, "off", "on", { low: 0, high: 1 }),
  ),
  ...numbered("gpio_output_", "", ["output", "output_2"], (register) =>
    state(register, "off", "on", { low: 0, high: 1 }),
  ),
  ...numbered("gpio_counter_", "", PULSES, count),
  ...numbered("counter_", "", PULSES, count),
  ...numbered("valve_", "_pulse", ["pulses", "pulses_2"], count),
  ...numbered("valve_", "", ["valve", "valve_2"], (register) =>
    state(register, "close", "open", { off: 0, on: 1 }),
  ),
  ...numbered("analog_input_", "", ["analog", "analog_2"], plain),
  ...numbered("analog_input_", "_min", ["analog_min", "analog_min_2"], plain),
  ...numbered("analog_input_", "_max", ["analog_max", "analog_max_2"], plain),
  ...numbered("analog_input_", "_avg", ["analog_mean", "analog_mean_2"], plain),
  ...numbered("adc_", "", ["analog", "analog_2"], plain),
  ...numbered("adc_", "_min", ["analog_min", "analog_min_2"], plain),
  ...numbered("adc_", "_max", ["analog_max", "analog_max_2"], plain),
  ...numbered("adc_", "_avg", ["analog_mean", "analog_mean_2"], plain),
  pt100_1: is("temperature", "C"),
  pt100_2: is("temperature_2", "C"),
  total_current: [is("charge", "Ah"), is("1-0:11.7.0", "A", -3)],
  current: [is("current", "A"), is("1-0:11.7.0", "A", -3)],
  current_max: is("current_max", "A"),
  current_min: is("current_min", "A"),
  ...currentAlarm("alarm", "current_alarm"),
  ...numbered("current_chn", "", ["current", "current_2", "current_3"], (register) =>
    is(register, "A"),
  ),
  ...numbered("current_chn", "_total", ["charge", "charge_2", "charge_3"], (register) =>
    is(register, "Ah"),
  ),
  ...numbered(
    "current_chn",
    "_max",
    ["current_max", "current_max_2", "current_max_3"],
    (register) => is(register, "A"),
  ),
  ...numbered(
    "current_chn",
    "_min",
    ["current_min", "current_min_2", "current_min_3"],
    (register) => is(register, "A"),
  ),
  ...currentAlarm("alarm", "current_chn1_alarm"),
  ...currentAlarm("alarm_2", "current_chn2_alarm"),
  ...currentAlarm("alarm_3", "current_chn3_alarm"),
  ch1_sumkwh: is("1-0:1.8.0", "kWh"),
  ch2_sumkwh: is("energy_2", "kWh"),
  ch3_sumkwh: is("energy_3", "kWh"),
  voltage: is("1-0:12.7.0", "V"),
  active_power: is("1-0:1.7.0", "W"),
  power_factor: is("1-0:13.7.0", "none", -2),
  power_consumption: is("1-0:1.8.0", "Wh"),
  socket_status: state("on", "off", "on"),
  ...Object.fromEntries(
    Array.from({ length: 8 }, (_, bit): [string, MakerField] => [
      `switch_${bit + 1}`,
      { register: "on", unit: "none", bit, words: { off: 0, on: 1 } },
    ]),
  ),
};

/** What is told of the moment, then the history: each with its own time. */
function restate(data: unknown): unknown {
  // The device's own clock beside what it says of now is no reading's time.
  const { history, timestamp: _, ...now } = data as Record<string, unknown>;
  const measures = Object.keys(now).some(
    (name) => Object.hasOwn(fields, name) || / *_\d/.test(name),
  );
  return [...(measures || history === undefined ? [now] : []), ...((history as unknown[]) ?? [])];
}

export const milesightFields: MakerFields = {
  devices: Object.fromEntries(
    models.flatMap((name) => [
      [`milesight-iot/${name}`, `milesight/${name}`],
      [`milesight/${name}`, `milesight/${name}`],
    ]),
  ),
  restate,
  fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [`[].${name}`, field])),
  ignored: [],
  // Beside settings: what children counted, how long somebody stayed, conversions set at the device.
  settings: new RegExp(
    `^\\[\\]\\.(${[
      ".*(version|_config|_enable|_interval|_settings|_sensor_status|_error|_dwell|_conv|_type).*",
      ".*(_mode|_class|_event|_time|_task|_key|_strategy|_result|d2d|child|calibrat|measuring_).*",
      "sn|reset_event|device_status|region_count|regions\\[\\]\\..*|rainfall_counter|battery_node",
      "reboot|report_status|confirm.*|clear_.*|query_.*|release_.*|people_count_max",
      "[a-d]_to_[a-d]|line_(in|out)|gpio_type|mode|event.*|alarm|motor_.*|freeze_protection",
      "window_detection|detection_status|power_status|trigger_type|storage_status|sensor_id",
      "distance_mutation|radar_signal_rssi|.*_occlusion_alarm|use_time_\\w+|target_status",
      ".*_out_of_bed_time|respiratory_\\w+|alarm_id|alarm_status|region_id|report_type|read_status",
      "execution_plan|fan_status|latitude|longitude|(motion|geofence)_status|wifi.*|(initial|inclination)_angle_.*",
    ].join("|")})$`,
  ),
};
