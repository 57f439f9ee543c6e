/**
 * `npm run simulate -- --plan plan.json --state folder --udp host:port --mqtt mqtt://…`: a building
 * full of meters that speaks with a gateway over sockets and nothing else.
 *
 * Says on standard output how far it is, a line of JSON each: `{"progress":{…}}`, see
 * `simulator/simulate-building.ts`. Goes on where it was when it is started again on the same folder.
 */
import { parseArgs } from "node:util";
import { systemClock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import { readPlan } from "./simulator/plan.ts";
import { simulateBuilding } from "./simulator/simulate-building.ts";

const HELP = `npm run simulate -- --plan <file> --state <folder> --udp <host:port> --mqtt <url> [--speed <n>]

Plays a building: tells the gateway the history of its devices as ChirpStack 4 JSON over MQTT,
then has them join and send encrypted LoRaWAN frames over UDP.

  --plan <file>       what the building is made of (the demo writes one: .riser/demo/plan.json)
  --state <folder>    where it remembers what it sent, and what was acknowledged (acknowledged.jsonl)
  --udp <host:port>   where the gateway hears antennas
  --mqtt <url>        the broker the gateway listens to: mqtt://user:password@host:port
  --speed <n>         live uplinks n times as often (default 1)
  --in-flight <n>     uplinks of the history under way at once (default 300)
`;

function complain(message: string): never {
  console.error(`${message}\n\n${HELP}`);
  process.exit(2);
}

const { values } = read();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const { plan: planFile, state: stateFolder, udp: udpText, mqtt: mqttUrl } = values;
if (!planFile || !stateFolder || !udpText || !mqttUrl)
  complain("--plan, --state, --udp and --mqtt are needed.");
const [, host, port] = /^\[?([^[\]]+?)\]?:(\d{1,5})$/.exec(udpText) ?? [];
if (!host || !port) complain(`--udp ${udpText}: expected host:port.`);
if (!/^mqtts?:\/\//.test(mqttUrl) || !URL.canParse(mqttUrl))
  complain("--mqtt: expected mqtt://user:password@host:port.");
const speed = Number(values.speed);
if (!(speed > 0)) complain(`--speed ${values.speed}: expected a number above 0.`);
const mostUnderWay = Number(values["in-flight"]);
if (!Number.isInteger(mostUnderWay) || mostUnderWay < 1 || mostUnderWay > 10_000)
  complain(`--in-flight ${values["in-flight"]}: expected a whole number from 1 to 10000.`);

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
let lastTrouble = "";
try {
  await simulateBuilding({
    plan: await readPlan(planFile),
    stateFolder,
    udp: { host, port: Number(port) },
    mqttUrl,
    speed,
    mostUnderWay,
    clock: systemClock,
    signal: stop.signal,
    onProgress: (progress) => console.log(JSON.stringify({ progress })),
    onTrouble(reason) {
      if (reason !== lastTrouble) console.error(`The broker: ${reason}. Trying again.`);
      lastTrouble = reason;
    },
  });
} catch (error) {
  console.error(isFault(error) ? error.message : error);
  process.exitCode = 1;
}

function read() {
  try {
    return parseArgs({
      options: {
        plan: { type: "string" },
        state: { type: "string" },
        udp: { type: "string" },
        mqtt: { type: "string" },
        speed: { type: "string", default: "1" },
        "in-flight": { type: "string", default: "300" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    return complain((error as Error).message);
  }
}
