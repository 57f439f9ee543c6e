/** What `compose.yaml` and the files it mounts promise; a change that breaks a promise turns red here. */
import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { z } from "zod";
import { settings as hubSettings } from "#cloud/config.ts";
import { settings as gatewaySettings } from "#edge/config.ts";

const Compose = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string(),
      environment: z.record(z.string(), z.string()).default({}),
      ports: z.array(z.string()).default([]),
      networks: z.array(z.string()),
      volumes: z.array(z.string()).default([]),
      healthcheck: z.looseObject({ test: z.array(z.string()).min(2) }).optional(),
      build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
      privileged: z.boolean().default(false),
      network_mode: z.string().optional(),
    }),
  ),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().default(false) })),
  volumes: z.record(z.string(), z.unknown()),
});

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const { services, networks, volumes } = Compose.parse(parse(read("./compose.yaml")));
const ini = iniOf(read("./couchdb.ini"));

function service(name: string): (typeof services)[string] {
  const found = services[name];
  assert.ok(found, `a service ${name}`);
  return found;
}

/** `[section] key = value` as `section.key` → value. */
function iniOf(text: string): Map<string, string> {
  let section = "";
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
    const pair = /^(\w+) = (.+)$/.exec(line);
    if (pair) values.set(`${section}.${pair[1]}`, pair[2] ?? "");
  }
  return values;
}

test("there are hub, CouchDB, gateway and broker", () => {
  assert.equal(Object.keys(services).toSorted(), ["couchdb", "gateway", "hub", "mosquitto"]);
});

test("CouchDB has an administrator from the first second, and no password is written down", () => {
  const { environment } = service("couchdb");
  assert.ok(environment["COUCHDB_USER"]);
  assert.match(environment["COUCHDB_PASSWORD"] ?? "", /^\$\{COUCHDB_PASSWORD:\?/);
  assert.not.ok(
    [...ini.keys()].some((key) => key.startsWith("admins.")),
    "no administrator in the settings file",
  );
  assert.is(ini.get("chttpd.require_valid_user_except_for_up"), "true");
});

test("every password is asked for: none has a default", () => {
  const asked = [
    ...read("./compose.yaml").matchAll(/\$\{(\w*(?:PASSWORD|COOKIE|SECRET|TOKEN|KEY)\w*)(:?.)/g),
  ];
  assert.ok(asked.length >= 4);
  for (const [, name, operator] of asked) assert.is(operator, ":?", name);
  assert.not.match(read("./compose.yaml"), /:\/\/\w+:[^$\s{][^@\s]*@/, "a password in an address");
});

test("CouchDB is reached by the hub alone", () => {
  const { ports, networks: own, network_mode: mode } = service("couchdb");
  assert.equal(ports, []);
  assert.is(mode, undefined);
  assert.equal(own, ["couchdb"]);
  assert.ok(networks["couchdb"]?.internal, "a network that leads nowhere");
  const beside = Object.keys(services).filter((name) => service(name).networks.includes("couchdb"));
  assert.equal(beside.toSorted(), ["couchdb", "hub"]);
});

test("CouchDB runs on one node, takes the hub's tokens, and wants them to end", () => {
  assert.is(ini.get("couchdb.single_node"), "true");
  assert.is(ini.get("cluster.q"), "1");
  assert.is(ini.get("cluster.n"), "1");
  assert.match(
    ini.get("chttpd.authentication_handlers") ?? "",
    "{chttpd_auth, jwt_authentication_handler}",
  );
  assert.is(
    ini.get("jwt_auth.required_claims"),
    "exp",
    "CouchDB 3.4 answers 500 to every request when aud is required",
  );
  const largest = Number(ini.get("couchdb.max_document_size"));
  assert.ok(largest >= 1_000_000 && Number(ini.get("chttpd.max_http_request_size")) > largest);
});

test("CouchDB's settings, its data and what is set through its API outlive the container", () => {
  const mounts = service("couchdb").volumes;
  assert.ok(mounts.includes("./couchdb.ini:/opt/couchdb/etc/default.d/riser.ini:ro"));
  assert.ok(mounts.includes("couchdb-settings:/opt/couchdb/etc/local.d"));
  assert.ok(mounts.includes("couchdb-data:/opt/couchdb/data"));
});

test("every setting given to hub and gateway is one that they know", () => {
  const known = { hub: Object.keys(hubSettings), gateway: Object.keys(gatewaySettings) };
  for (const [name, names] of Object.entries(known)) {
    const unknown = Object.keys(service(name).environment).filter((each) => !names.includes(each));
    assert.equal(unknown, [], name);
  }
});

test("images are pinned to a full version, in the Dockerfiles too", () => {
  const images = Object.values(services).map(({ image }) => image);
  const bases = ["./Dockerfile.hub", "./Dockerfile.gateway"].flatMap(
    (path) => /^FROM (\S+)$/m.exec(read(path))?.[1] ?? "none",
  );
  for (const image of [...images, ...bases])
    assert.match(image, /^[a-z/-]+:\d+\.\d+\.\d+(?:-[a-z-]+)?$/);
});

test("every service says whether it is well", () => {
  for (const [name, { healthcheck }] of Object.entries(services)) assert.ok(healthcheck, name);
});

test("nothing is open on all of the machine's addresses", () => {
  const ports = Object.values(services).flatMap((each) => each.ports);
  assert.ok(ports.length >= 4);
  for (const port of ports) {
    assert.match(port, /^(?:127\.0\.0\.1|\$\{\w+(?::\?[^}]+|:-127\.0\.0\.1)\}):\d+:\d+(?:\/udp)?$/);
  }
  const antennas = service("gateway").ports.find((port) => port.endsWith("/udp"));
  assert.match(antennas ?? "", /^\$\{SITE_ADDRESS:\?.+\}:1700:1700\/udp$/, "a named address");
  assert.match(service("gateway").environment["UDP_ALLOW"] ?? "", /^\$\{UDP_ALLOW:\?/);
});

test("the broker knows its users and keeps what waits", () => {
  const conf = read("./mosquitto.conf");
  for (const line of [
    "allow_anonymous false",
    "password_file /run/secrets/mosquitto_users",
    "persistence true",
  ]) {
    assert.ok(conf.split("\n").includes(line), line);
  }
  assert.not.match(conf, /^allow_anonymous true/m);
});

test("no service has more rights than it needs, and the programs do not run as root", () => {
  for (const [name, each] of Object.entries(services)) assert.not.ok(each.privileged, name);
  for (const path of ["./Dockerfile.hub", "./Dockerfile.gateway"]) {
    const lines = read(path).split("\n");
    assert.ok(
      lines.indexOf("USER node") > 0 &&
        lines.indexOf("USER node") < lines.findIndex((line) => line.startsWith("CMD")),
      path,
    );
    assert.ok(
      lines.some((line) => line.includes("npm ci --omit=dev")),
      path,
    );
  }
});

test("every file and volume that is mounted or built from is there", () => {
  for (const { volumes: mounts, build } of Object.values(services)) {
    for (const source of mounts.map((mount) => mount.split(":")[0] ?? "")) {
      assert.ok(
        source.startsWith("./") ? existsSync(new URL(source, import.meta.url)) : source in volumes,
        source,
      );
    }
    if (build)
      assert.ok(existsSync(new URL(`../${build.dockerfile}`, import.meta.url)), build.dockerfile);
  }
});

test.run();
