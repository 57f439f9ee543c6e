/** Names in Decentlab's own decoders. */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { MakerField, MakerFields } from "../maker-field.ts";
import { decentlab } from "./decoder.ts";

const is = (register: RegisterId, unit: Unit, scale?: number): MakerField => ({
  register,
  unit,
  ...(scale === undefined ? {} : { scale }),
});

const fields: Record<string, MakerField | readonly MakerField[]> = {
  battery_voltage: is("battery_voltage", "V"),
  air_temperature: is("temperature", "C"),
  air_humidity: is("humidity", "%"),
  barometric_pressure: is("pressure", "hPa", -2),
  air_temperature_radiation_shield: is("temperature", "C"),
  air_humidity_radiation_shield: is("humidity", "%"),
  relative_humidity: is("humidity", "%"),
  sensor_temperature_internal: is("temperature_2", "C"),
  internal_temperature: is("temperature_2", "C"),
  wind_speed: is("wind_speed", "m/s"),
  maximum_wind_speed: is("wind_gust", "m/s"),
  wind_direction: is("wind_direction", "deg"),
  x_orientation_angle: is("angle_x", "deg"),
  y_orientation_angle: is("angle_y", "deg"),
  tilt_angle_x_orientation: is("angle_x", "deg"),
  tilt_angle_y_orientation: is("angle_y", "deg"),
  solar_radiation: is("solar_radiation", "W/m2"),
  total_solar_radiation: is("solar_radiation", "W/m2"),
  incoming_radiation: is("solar_radiation", "W/m2"),
  reflected_radiation: is("solar_reflected", "W/m2"),
  atmospheric_pressure: is("pressure", "hPa", 1),
  ambient_light_visible_infrared: is("light_visible_infrared", "none"),
  ambient_light_infrared: is("light_infrared", "none"),
  illuminance: is("illuminance", "lux"),
  co2_concentration: is("co2", "ppm"),
  co2_sensor_status: is("error_flags", "none"),
  co2_sensor_temperature: is("temperature_2", "C"),
  activity_counter: is("activity", "none"),
  total_voc: is("tvoc", "ppb"),
  pm1_0_mass_concentration: is("pm1", "ug/m3"),
  pm2_5_mass_concentration: is("pm2_5", "ug/m3"),
  pm10_mass_concentration: is("pm10", "ug/m3"),
  temperature: [is("temperature", "C"), is("water_temperature", "C")],
  temperature_target: is("surface_temperature", "C"),
  temperature_head: is("temperature", "C"),
  head_temperature: is("temperature_2", "C"),
  surface_temperature: is("surface_temperature", "C"),
  sensor_temperature: is("temperature_2", "C"),
  dew_point: is("dew_point", "C"),
  angle: is("angle_x", "deg"),
  cumulative_pulse_count: is("pulses", "count"),
  ch0_cumulative_pulse_count: is("pulses", "count"),
  ch1_cumulative_pulse_count: is("pulses_2", "count"),
  input: is("input", "none"),
  ch0_input: is("input", "none"),
  ch1_input: is("input_2", "none"),
  voltage: is("voltage_input", "V"),
  potentiometer_position: [is("analog", "none"), is("valve_position", "%")],
  pressure: is("pressure_pipe", "kPa", 2),
  temperature_electronics: is("temperature", "C"),
  temperature_pt1000: is("water_temperature", "C"),
  electrical_conductivity: [
    is("water_conductivity", "uS/cm"),
    is("water_conductivity", "uS/cm", 3),
    is("soil_conductivity", "uS/cm"),
  ],
  freezing_flag: is("temperature_alarm", "none"),
  water_depth: is("level", "mm"),
  distance: is("distance", "mm"),
  distance_average: is("distance", "mm"),
  status: is("error_flags", "none"),
  turbidity_in_ntu: is("turbidity", "none"),
  ph: is("ph", "pH"),
  redox: is("redox", "mV"),
  oxygen_saturation: is("oxygen_saturation", "%"),
  oxygen_concentration: is("oxygen", "mg/L"),
  cumulative_precipitation: is("rain", "mm"),
  volumetric_water_content: is("soil_moisture", "%", 2),
  soil_temperature: is("temperature", "C"),
};

/** Pulses since the last message, what a sensor saw before it was made a value, further shares of it. */
const ASIDE = [
  "pulse_count pulse_interval ch0_pulse_count ch0_pulse_interval ch1_pulse_count",
  "ch1_pulse_interval precipitation precipitation_interval raw_ir_reading raw_ir_reading_lpf",
  "co2_concentration_lpf sensor_id capacitor_voltage_1 capacitor_voltage_2",
  "barometer_temperature pm4_mass_concentration typical_particle_size",
  "pm0_5_number_concentration pm1_0_number_concentration pm2_5_number_concentration",
  "pm4_number_concentration pm10_number_concentration vapor_pressure_deficit",
  "photosynthetically_active_radiation dielectric_permittivity reliability distance_minimum",
  "distance_maximum distance_median number_of_samples distance_10th_percentile",
  "distance_25th_percentile distance_75th_percentile distance_90th_percentile",
  "distance_most_frequent_value total_acquisition_time number_of_valid_samples",
  "albedo lightning_strike_count lightning_average_distance vapor_pressure compass_heading",
  "north_wind_speed east_wind_speed precipitation_electrical_conductivity water_potential",
  "turbidity_in_fnu turbidity_in_mg_l ph_mv oxygen_concentration_alt",
].join(" ");

/** Here the same names mean another unit, and a second pair of air and humidity is not ours. */
const apart: Readonly<Record<string, Record<string, MakerField>>> = {
  "decentlab/dl-atm41g2": { barometric_pressure: is("pressure", "hPa", 1) },
  "decentlab/dl-cws2": {},
};

export const decentlabFields: MakerFields = {
  devices: {
    ...Object.fromEntries(
      decentlab
        .filter(({ model }) => !Object.hasOwn(apart, model))
        .map(({ model }) => [model, model]),
    ),
    "decentlab/dl-sht35-001": "decentlab/dl-sht35",
    "decentlab/dl-sht35-002": "decentlab/dl-sht35",
  },
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [`${name}.value`, field]),
  ),
  ignored: ["protocol_version", "device_id", ...ASIDE.split(" ")],
  settings: /\.(displayName|unit)$/,
};

export const decentlabApartFields: readonly MakerFields[] = Object.entries(apart).map(
  ([model, own]): MakerFields => ({
    ...decentlabFields,
    devices: { [model]: model },
    fields: {
      ...decentlabFields.fields,
      ...Object.fromEntries(Object.entries(own).map(([name, field]) => [`${name}.value`, field])),
    },
    ignored: [
      ...decentlabFields.ignored,
      ...(model.endsWith("cws2") ? ["air_temperature", "air_humidity"] : []),
    ],
  }),
);
