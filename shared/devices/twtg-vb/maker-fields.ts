/** Names in TWTG's own decoder of the vibration sensor. */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { MakerField, MakerFields } from "../maker-field.ts";

const field = (register: RegisterId, unit: Unit): MakerField => ({ register, unit });

export const twtgVibrationFields: MakerFields = {
  devices: { "twtg/ds-vb-01-xx": "twtg/ds-vb-01-xx" },
  fields: {
    "sensor_event.rms_velocity.x.avg": field("velocity_x", "mm/s"),
    "sensor_event.rms_velocity.y.avg": field("velocity_y", "mm/s"),
    "sensor_event.rms_velocity.z.avg": field("velocity_z", "mm/s"),
    "sensor_event.acceleration.x.avg": field("acceleration_x", "m/s2"),
    "sensor_event.acceleration.y.avg": field("acceleration_y", "m/s2"),
    "sensor_event.acceleration.z.avg": field("acceleration_z", "m/s2"),
    "sensor_event.temperature.avg": field("temperature", "C"),
    ...Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((bit) => [
        `sensor_event.condition_${bit}`,
        { ...field("alarm", "none"), bit },
      ]),
    ),
    "device_status.base.battery_voltage.low": field("battery_voltage", "V"),
    "device_status.base.battery_voltage.high": field("battery_voltage_rest", "V"),
    "device_status.base.temperature.avg": field("ambient_temperature", "C"),
  },
  ignored: [
    "header",
    "boot",
    "activated",
    "deactivated",
    "sensor_data",
    "sensor_event.trigger",
    "device_status.sensor",
    "device_status.base.battery_voltage.settle",
  ],
  settings:
    /(\.(min|max)|^device_status\.base\.(config_crc|lvds_error_counter|lora_tx_counter|avg_rssi|avg_snr|bist))$/,
};
