/**
 * `home-assistant-entity`: the entities that a discovery message of Home Assistant describes, one
 * (`sensor/…/config`) or those of a whole device (`device/…/config`).
 *
 * Each field has a long and a short name; `~` stands for a base topic.
 *
 * @see Home Assistant documentation, "MQTT", "MQTT Discovery", "Supported abbreviations in MQTT discovery messages"
 */
import { fieldsOf, itemsOf } from "./message.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Entity {
  readonly id: string;
  /** What tells the device apart. */
  readonly device: string;
  readonly name: string;
  readonly isBinary: boolean;
  readonly stateTopic: string;
  readonly unit: string | undefined;
  readonly deviceClass: string | undefined;
  /** The way to the value within a JSON state; empty when the state is the value. */
  readonly path: readonly string[];
  readonly on?: string;
  readonly off?: string;
}

const COMPONENTS = new Set(["sensor", "binary_sensor"]);
const MOST_COMPONENTS = 200;

const either = (fields: Fields, long: string, short: string): unknown =>
  fields[long] ?? fields[short];
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= 1000 ? value : undefined;

/** `{{ value_json.a['b'] | float }}` → a, b; undefined for a template that does more than pick. */
export function pathIn(template: string | undefined): readonly string[] | undefined {
  if (template === undefined) return [];
  const [, root, steps = ""] =
    /^\{\{-?\s*(value_json|value)((?:\.[A-Za-z_]\w*|\[\s*(?:'[^'\]]*'|"[^"\]]*"|\d{1,4})\s*\])*)\s*(?:\|\s*(?:float|int|round|default)(?:\([^)|]*\))?\s*)*-?\}\}$/.exec(
      template.trim(),
    ) ?? [];
  if (root === undefined || (root === "value" && steps !== "")) return undefined;
  return [...steps.matchAll(/\.(\w+)|\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]/g)].map(
    ([, dotted, single, double, index]) => dotted ?? single ?? double ?? index ?? "",
  );
}

/** Words for an entity: its own, and its class where they do not say it. */
export function entityName(name: string, deviceClass: string | undefined): string {
  const word = classes.get(deviceClass ?? "") ?? deviceClass ?? "";
  return name.toLowerCase().includes(word.toLowerCase()) ? name : `${name} ${word}`;
}
/** Classes whose word is not the quantity's. */
const classes: ReadonlyMap<string, string> = new Map([
  ["carbon_dioxide", "co2"],
  ["atmospheric_pressure", "pressure"],
]);

function topicOf(fields: Fields, base: Fields): string | undefined {
  const topic = textOf(
    either(fields, "state_topic", "stat_t") ?? either(base, "state_topic", "stat_t"),
  );
  const tilde = textOf(fields["~"] ?? base["~"]);
  if (topic === undefined || tilde === undefined) return topic;
  return topic.replace(/^~/, tilde).replace(/~$/, tilde);
}

function deviceOf(fields: Fields): string | undefined {
  const device = fieldsOf(either(fields, "device", "dev"));
  const ids = device === undefined ? undefined : either(device, "identifiers", "ids");
  return textOf(Array.isArray(ids) ? itemsOf(ids)[0] : ids);
}

function entityOf(fields: Fields, base: Fields, component: string, object: string): Entity[] {
  const stateTopic = topicOf(fields, base);
  const path = pathIn(textOf(either(fields, "value_template", "val_tpl")));
  if (!COMPONENTS.has(component) || stateTopic === undefined || path === undefined) return [];
  const id = textOf(either(fields, "unique_id", "uniq_id")) ?? object;
  const on = textOf(either(fields, "payload_on", "pl_on"));
  const off = textOf(either(fields, "payload_off", "pl_off"));
  return [
    {
      id: id.slice(0, 200),
      device: deviceOf(base) ?? deviceOf(fields) ?? id,
      name: textOf(fields["name"]) ?? object,
      isBinary: component === "binary_sensor",
      stateTopic,
      unit: textOf(either(fields, "unit_of_measurement", "unit_of_meas")),
      deviceClass: textOf(either(fields, "device_class", "dev_cla")),
      path,
      ...(on === undefined ? {} : { on }),
      ...(off === undefined ? {} : { off }),
    },
  ];
}

/** The entities of a discovery message that publish a value; none for anything else. */
export function discovered(topic: string, body: unknown): Entity[] {
  const fields = fieldsOf(body);
  if (fields === undefined) return [];
  const levels = topic.split("/");
  const component = levels[1] ?? "";
  const object = levels.slice(2, -1).join("_");
  if (component !== "device") return entityOf(fields, fields, component, object);
  const components = fieldsOf(either(fields, "components", "cmps")) ?? {};
  return Object.entries(components)
    .slice(0, MOST_COMPONENTS)
    .flatMap(([key, one]) => {
      const inner = fieldsOf(one) ?? {};
      return entityOf(inner, fields, textOf(either(inner, "platform", "p")) ?? "", key);
    });
}
