/**
 * `maker-fields`: the list of all makers' field names that we can compare with.
 */
import { elvacoFields, elvacoHexSerialFields } from "./elvaco-cmi4110/maker-fields.ts";
import { decentlabApartFields, decentlabFields } from "./decentlab/maker-fields.ts";
import { atomsensesFields, atomsensesGasFields } from "./atomsenses/maker-fields.ts";
import { enlessFields } from "./enless/maker-fields.ts";
import { rs1xxFields } from "./laird-rs1xx/maker-fields.ts";
import { sensativeFields } from "./sensative/maker-fields.ts";
import { browanAirFields, browanFields } from "./browan/maker-fields.ts";
import { mclimateFields } from "./mclimate/maker-fields.ts";
import { inbiotFields } from "./inbiot/maker-fields.ts";
import { yobiiqFields } from "./yobiiq/maker-fields.ts";
import {
  radionodeAirFields,
  radionodeFields,
  radionodeProbeFields,
} from "./radionode/maker-fields.ts";
import { enginkoFields, mcf88Fields } from "./enginko/maker-fields.ts";
import { radioBridgeFields, radioBridgeVibrationFields } from "./radio-bridge/maker-fields.ts";
import { thermokonFields } from "./thermokon/maker-fields.ts";
import { nexelecAirFields, nexelecDetectorFields } from "./nexelec/maker-fields.ts";
import { fludiaFields } from "./fludia/maker-fields.ts";
import { mutelcorFields } from "./mutelcor/maker-fields.ts";
import { arwinFields } from "./arwin/maker-fields.ts";
import { dntFields, dntDistanceFields } from "./dnt/maker-fields.ts";
import { ewattchFields } from "./ewattch/maker-fields.ts";
import { twtgVibrationFields } from "./twtg-vb/maker-fields.ts";
import { kellerFields } from "./keller/maker-fields.ts";
import { qingpingFields } from "./qingping/maker-fields.ts";
import { senzemoFields } from "./senzemo/maker-fields.ts";
import { harvyFields } from "./dezem/maker-fields.ts";
import { sezoFields } from "./sezo/maker-fields.ts";
import { uradmonitorFields } from "./uradmonitor/maker-fields.ts";
import { makerfabsFields } from "./makerfabs/maker-fields.ts";
import { imbuildingsFields } from "./imbuildings/maker-fields.ts";
import { comtacFields } from "./comtac/maker-fields.ts";
import { klaxFields } from "./klax/maker-fields.ts";
import { aquascopeMonitorFields } from "./aquascope-monitor/maker-fields.ts";
import { aquascopeFields } from "./aquascope/maker-fields.ts";
import { elvEsiFields } from "./elv-esi/maker-fields.ts";
import { elvSwdFields } from "./elv-swd/maker-fields.ts";
import { elsysFields } from "./elsys/maker-fields.ts";
import { emuFields } from "./emu-professional/maker-fields.ts";
import { wattecoFields, wattecoFormerFields } from "./watteco/maker-fields.ts";
import type { MakerFields } from "./maker-field.ts";
import { milesightFields } from "./milesight-maker-fields.ts";
import { quandifyFields } from "./quandify-cubicmeter-1-1/maker-fields.ts";
import { adeunisAirFields } from "./adeunis-air/maker-fields.ts";
import { adeunisTicFields } from "./adeunis-tic/maker-fields.ts";
import { cayenneFields } from "./cayenne-lpp/maker-fields.ts";
import { draginoControllerFields } from "./dragino-lt22222/maker-fields.ts";
import { nucleoFields } from "./st-nucleo-wl55jc/maker-fields.ts";
import { draginoFields } from "./dragino-lht65/maker-fields.ts";
import { sensusFields } from "./kamstrup-oms/sensus-fields.ts";
import { kamstrupFields } from "./kamstrup-oms/maker-fields.ts";
import { micropeltFields } from "./micropelt-mlrtps1/maker-fields.ts";
import { netvoxFields } from "./netvox-current/maker-fields.ts";
import { sensecapFields } from "./sensecap-sensor/maker-fields.ts";
import { stregaFields } from "./strega-motorized-valve/maker-fields.ts";
import { talkpoolFields } from "./talkpool-oy1100/maker-fields.ts";
import { tektelicFields } from "./tektelic-outlet/maker-fields.ts";

export const makerFields: readonly MakerFields[] = [
  elvacoFields,
  elvacoHexSerialFields,
  quandifyFields,
  decentlabFields,
  ...decentlabApartFields,
  browanFields,
  atomsensesFields,
  atomsensesGasFields,
  enlessFields,
  rs1xxFields,
  sensativeFields,
  aquascopeFields,
  aquascopeMonitorFields,
  radionodeFields,
  radionodeProbeFields,
  radionodeAirFields,
  comtacFields,
  imbuildingsFields,
  ...makerfabsFields,
  uradmonitorFields,
  sezoFields,
  harvyFields,
  senzemoFields,
  qingpingFields,
  kellerFields,
  twtgVibrationFields,
  ewattchFields,
  dntFields,
  dntDistanceFields,
  arwinFields,
  mutelcorFields,
  fludiaFields,
  nexelecAirFields,
  nexelecDetectorFields,
  thermokonFields,
  radioBridgeFields,
  radioBridgeVibrationFields,
  enginkoFields,
  mcf88Fields,
  klaxFields,
  elvEsiFields,
  elvSwdFields,
  inbiotFields,
  yobiiqFields,
  browanAirFields,
  mclimateFields,
  elsysFields,
  emuFields,
  wattecoFields,
  wattecoFormerFields,
  adeunisAirFields,
  adeunisTicFields,
  cayenneFields,
  draginoFields,
  draginoControllerFields,
  nucleoFields,
  kamstrupFields,
  sensusFields,
  micropeltFields,
  milesightFields,
  netvoxFields,
  sensecapFields,
  stregaFields,
  talkpoolFields,
  tektelicFields,
];
