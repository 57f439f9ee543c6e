/**
 * `list`: every model this system decodes by itself.
 *
 * All of them keep one rule: a payload is understood to its end or it is a Fault "invalid".
 * What cannot be named cannot be measured in length either, so whatever follows it would be a
 * guess; the raw bytes are kept, and a better decoder reads them again. The exceptions are those
 * a maker describes: bytes announced as of no interest to us, and filler.
 */
import type { Decoder } from "#shared/model/decoder.ts";
import {
  adeunisBreath,
  adeunisComfort,
  adeunisComfortCo2,
  adeunisDeltaP,
  adeunisMotion,
} from "./adeunis-air/decoder.ts";
import { ticLinkyMono, ticLinkyTri, ticPmePmi } from "./adeunis-tic/decoder.ts";
import { axiomaW1 } from "./axioma-w1/decoder.ts";
import { cayenneLpp } from "./cayenne-lpp/decoder.ts";
import { laq4 } from "./dragino-laq4/decoder.ts";
import { draginoDistance } from "./dragino-ldds75/decoder.ts";
import { lds01, lds02, lwl01, lwl02 } from "./dragino-lds02/decoder.ts";
import { cpl01, cpl03Lb, ds03aLb, lds03a, lwl03a, wl03aLb } from "./dragino-lds03a/decoder.ts";
import { lht52 } from "./dragino-lht52/decoder.ts";
import { lht65, lht65n } from "./dragino-lht65/decoder.ts";
import { draginoLsn50 } from "./dragino-lsn50/decoder.ts";
import { lt22222 } from "./dragino-lt22222/decoder.ts";
import { draginoRoom } from "./dragino-lb-room/decoder.ts";
import { psLb } from "./dragino-ps-lb/decoder.ts";
import { draginoSoil } from "./dragino-soil/decoder.ts";
import { draginoFlow } from "./dragino-sw3l/decoder.ts";
import { draginoTrackers } from "./dragino-trackers/decoder.ts";
import { wqsLb } from "./dragino-wqs-lb/decoder.ts";
import { kamstrupFlowIq, kamstrupMultical, omsMeter, sensusIperl } from "./kamstrup-oms/decoder.ts";
import { mlrTps1 } from "./micropelt-mlrtps1/decoder.ts";
import { ambience } from "./milesight-ambience/decoder.ts";
import { milesightCommands } from "./milesight-commands/decoder.ts";
import { ct303, ct305, ct310 } from "./milesight-ct303/decoder.ts";
import { r718n1, r718n3, r718n360, r718nl1, r718nl3 } from "./netvox-current/decoder.ts";
import { netvoxR900 } from "./netvox-r900/decoder.ts";
import { netvoxSensors } from "./netvox-sensors/decoder.ts";
import { sensecapS2120 } from "./sensecap-s2120/decoder.ts";
import { sensecapSensors } from "./sensecap-sensor/decoder.ts";
import { nucleoWl55 } from "./st-nucleo-wl55jc/decoder.ts";
import { stregaValve } from "./strega-motorized-valve/decoder.ts";
import { talkpoolAir } from "./talkpool-oy1100/decoder.ts";
import { oy1320 } from "./talkpool-oy1320/decoder.ts";
import { acOutletGen1, auraSwitch } from "./tektelic-outlet/decoder.ts";
import { tektelicSensors } from "./tektelic-room-sensor/decoder.ts";
import { atomsenses } from "./atomsenses/decoder.ts";
import { enless } from "./enless/decoder.ts";
import { rs1xx } from "./laird-rs1xx/decoder.ts";
import { sensativeStrips } from "./sensative/decoder.ts";
import { browan } from "./browan/decoder.ts";
import { decentlab } from "./decentlab/decoder.ts";
import { inbiot } from "./inbiot/decoder.ts";
import { yobiiq } from "./yobiiq/decoder.ts";
import { enginko } from "./enginko/decoder.ts";
import { radioBridge } from "./radio-bridge/decoder.ts";
import { thermokon } from "./thermokon/decoder.ts";
import { nexelec } from "./nexelec/decoder.ts";
import { fludia } from "./fludia/decoder.ts";
import { bMeters } from "./bmeters/decoder.ts";
import { mutelcor } from "./mutelcor/decoder.ts";
import { arwin } from "./arwin/decoder.ts";
import { dnt } from "./dnt/decoder.ts";
import { ewattch } from "./ewattch/decoder.ts";
import { twtgVibration } from "./twtg-vb/decoder.ts";
import { keller } from "./keller/decoder.ts";
import { qingping } from "./qingping/decoder.ts";
import { senzemo } from "./senzemo/decoder.ts";
import { zennerWater } from "./zenner/decoder.ts";
import { gwf } from "./gwf/decoder.ts";
import { sontex } from "./sontex/decoder.ts";
import { nasPulse } from "./nas-pulse/decoder.ts";
import { harvy } from "./dezem/decoder.ts";
import { sezo } from "./sezo/decoder.ts";
import { uradmonitorA3 } from "./uradmonitor/decoder.ts";
import { makerfabs } from "./makerfabs/decoder.ts";
import { imbuildings } from "./imbuildings/decoder.ts";
import { mlr003 } from "./micropelt-mlr003/decoder.ts";
import { radionode } from "./radionode/decoder.ts";
import { comtacCm4 } from "./comtac/decoder.ts";
import { comtacCm1, comtacDi } from "./comtac/inputs.ts";
import { klax } from "./klax/decoder.ts";
import { aquascopeMonitors } from "./aquascope-monitor/decoder.ts";
import { aquascope } from "./aquascope/decoder.ts";
import { dntEsi, elvEsi } from "./elv-esi/decoder.ts";
import { elvSwd } from "./elv-swd/decoder.ts";
import { elsys } from "./elsys/decoder.ts";
import { emuProfessional } from "./emu-professional/decoder.ts";
import { cmi4110, cmi4111, cmi4130, cmi4140, cmi4160 } from "./elvaco-cmi4110/decoder.ts";
import { ct101, ct103, ct105 } from "./milesight-ct101/decoder.ts";
import { environment } from "./milesight-environment/decoder.ts";
import { io } from "./milesight-io/decoder.ts";
import { people } from "./milesight-people/decoder.ts";
import { room } from "./milesight-room/decoder.ts";
import { sockets } from "./milesight-ws52x/decoder.ts";
import { cubicMeter11 } from "./quandify-cubicmeter-1-1/decoder.ts";
import { watteco } from "./watteco/decoder.ts";
import { floodSensor, tValve } from "./mclimate/alarms.ts";
import { mclimate } from "./mclimate/decoder.ts";
import { vicki } from "./mclimate/vicki.ts";
import { reportedValues } from "./reported-values/decoder.ts";

export const decoders: readonly Decoder[] = [
  reportedValues,
  cmi4110,
  cmi4111,
  cmi4130,
  cmi4140,
  cmi4160,
  cubicMeter11,
  ct101,
  ct103,
  ct105,
  ...environment,
  ...ambience,
  ...io,
  ...people,
  ...room,
  ...sockets,
  ...milesightCommands,
  ...decentlab,
  ...browan,
  ...atomsenses,
  ...enless,
  ...rs1xx,
  sensativeStrips,
  ...aquascope,
  ...aquascopeMonitors,
  ...radionode,
  mlr003,
  ...imbuildings,
  ...makerfabs,
  uradmonitorA3,
  ...sezo,
  ...harvy,
  ...nasPulse,
  ...sontex,
  gwf,
  zennerWater,
  ...senzemo,
  ...qingping,
  ...keller,
  twtgVibration,
  ...ewattch,
  ...dnt,
  ...arwin,
  ...mutelcor,
  ...bMeters,
  ...fludia,
  ...nexelec,
  ...thermokon,
  ...radioBridge,
  ...enginko,
  comtacCm4,
  comtacCm1,
  comtacDi,
  klax,
  dntEsi,
  elvEsi,
  elvSwd,
  ...inbiot,
  ...yobiiq,
  ...mclimate,
  floodSensor,
  tValve,
  vicki,
  emuProfessional,
  ...watteco,
  ...elsys,
  adeunisBreath,
  adeunisComfort,
  adeunisComfortCo2,
  adeunisDeltaP,
  adeunisMotion,
  ticLinkyMono,
  ticLinkyTri,
  ticPmePmi,
  axiomaW1,
  cayenneLpp,
  laq4,
  ...draginoDistance,
  lds01,
  lds02,
  lwl01,
  lwl03a,
  wl03aLb,
  ds03aLb,
  cpl03Lb,
  ...draginoLsn50,
  ...draginoSoil,
  lwl02,
  cpl01,
  lds03a,
  lht52,
  lht65,
  lht65n,
  lt22222,
  ...draginoFlow,
  ...draginoTrackers,
  ...draginoRoom,
  psLb,
  wqsLb,
  kamstrupFlowIq,
  kamstrupMultical,
  omsMeter,
  sensusIperl,
  mlrTps1,
  ct303,
  ct305,
  ct310,
  r718n1,
  r718n3,
  r718n360,
  r718nl1,
  r718nl3,
  ...netvoxSensors,
  ...netvoxR900,
  ...sensecapSensors,
  sensecapS2120,
  nucleoWl55,
  stregaValve,
  ...talkpoolAir,
  oy1320,
  acOutletGen1,
  auraSwitch,
  ...tektelicSensors,
];

const byModel = new Map(decoders.map((decoder) => [decoder.model, decoder]));

/** The decoder of `maker/model`, or undefined when there is none. */
export function findDecoder(model: string): Decoder | undefined {
  return byModel.get(model);
}
