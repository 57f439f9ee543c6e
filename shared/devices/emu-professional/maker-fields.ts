/** Names in the decoder of EMU's meters. */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { MakerField, MakerFields, MakerMeaning } from "../maker-field.ts";

const is = (register: RegisterId, unit: Unit, scale?: number): MakerField => ({
  register,
  unit,
  ...(scale === undefined ? {} : { scale }),
});
const phases = (name: (phase: number) => string, registers: readonly RegisterId[], unit: Unit) =>
  registers.map((register, place): [string, MakerField] => [
    name(place + 1),
    unit === "A" ? is(register, unit, -3) : is(register, unit),
  ]);

/** Energies come in three forms, told by what follows the name. */
const forms: readonly (readonly [suffix: string, active: Unit, reactive: Unit])[] = [
  ["", "Wh", "varh"],
  ["64bit", "Wh", "varh"],
];
const energies = forms.flatMap(([suffix, active, reactive]) =>
  (
    [
      ["ActiveEnergyImport", "1-0:1.8.", active],
      ["ActiveEnergyExport", "1-0:2.8.", active],
      ["ReactiveEnergyImport", "1-0:3.8.", reactive],
      ["ReactiveEnergyExport", "1-0:4.8.", reactive],
    ] as const
  ).flatMap(([name, register, unit]) =>
    ([1, 2] as const).map((tariff): [string, MakerField] => [
      `${name}T${tariff}${suffix}`,
      is(`${register}${tariff}`, unit),
    ]),
  ),
);
const kilo = energies
  .filter(([name]) => !name.endsWith("64bit"))
  .map(([name, field]): [string, MakerField] => [
    `${name}${field.unit === "Wh" ? "kWh" : "kvarh"}`,
    { ...field, scale: 3 },
  ]);

const fields: Record<string, MakerMeaning> = {
  timestamp: "time",
  ...Object.fromEntries([...energies, ...kilo]),
  ActivePowerL123: is("1-0:1.7.0", "W"),
  CurrentL123: is("1-0:11.7.0", "A", -3),
  CurrentN: is("current_neutral", "A", -3),
  Frequency: is("1-0:14.7.0", "Hz"),
  ActivePoweraverage: is("power_mean", "W"),
  errorcode: is("error_flags", "none"),
  ...Object.fromEntries([
    ...phases((n) => `ActivePowerL${n}`, ["1-0:21.7.0", "1-0:41.7.0", "1-0:61.7.0"], "W"),
    ...phases((n) => `CurrentL${n}`, ["1-0:31.7.0", "1-0:51.7.0", "1-0:71.7.0"], "A"),
    ...phases((n) => `VoltageL${n}-N`, ["1-0:32.7.0", "1-0:52.7.0", "1-0:72.7.0"], "V"),
    ...phases((n) => `PowerfactorL${n}`, ["1-0:33.7.0", "1-0:53.7.0", "1-0:73.7.0"], "none"),
  ]),
};

export const emuFields: MakerFields = {
  devices: { "emu/emu-prof-ii": "emu/professional-ii" },
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [`${name}.value`, field]),
  ),
  ignored: ["medium", "timeStamp", "data-logger-index", "timestamp-previous"],
  // What the value was before its factor; single bits of the error code; what the meter is.
  settings:
    /\.(unit|unit_calculated|len|dataType|factor|fixed|value_raw|description|TimeChanged|\w+Change|PowerFail|LogbookFull)$|^(serial-number|factor-number|current-transformer|voltage-transformer|meter-typ|MIDyear|factoryyear|firmwareversion|mid-Version|manufacturer|hw-index|systemtime)/,
};
