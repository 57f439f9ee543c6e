import { test } from "uvu";
import * as assert from "uvu/assert";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { kindOf, modelOf, REPORTED } from "./device-model.ts";

const noneOfOwn = () => false;

test("a type that any maker's device could be called names no decoder, and says what is measured", () => {
  const types = [
    "water_meter",
    "Hot water meter",
    "heat-meter",
    "GAS METER",
    "electricity_meter",
    "temperature sensor",
    "leak sensor",
    "smart meter",
    "pulse counter",
    ...meterKindIds,
  ];
  for (const type of types)
    assert.equal(modelOf({ device_type: type }, noneOfOwn), { model: REPORTED }, type);
  assert.is(kindOf({ device_type: "water_meter" }, REPORTED), "cold_water");
  assert.is(kindOf({ device_type: "Hot water meter" }, REPORTED), "hot_water");
  assert.is(kindOf({ device_type: "heat-meter" }, REPORTED), "heat");
});

test("a maker's model names its decoder however it is written, and a decoder its own", () => {
  for (const type of ["EM300-TH", "em300 th", "milesight/em300-th"])
    assert.equal(modelOf({ device_type: type }, noneOfOwn), { model: "milesight/em300-th" }, type);
  assert.ok("wrong" in modelOf({ decoder: "nobody/nothing" }, noneOfOwn));
});

test.run();
