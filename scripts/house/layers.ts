/**
 * The layer rule: who may not import whom. The one place where it is written; the lint configuration,
 * the README's table and the house test are made from it or compared with it.
 *
 * A folder of `shared/`, `edge/` or `cloud/` without a row here fails the house test.
 */

export interface Layer {
  /** Path from the root, two levels deep. */
  readonly folder: string;
  /** Folders of ours that nothing in `folder` may import. */
  readonly never: readonly string[];
  /** When given: the only things from outside `folder` that its files (tests aside) may import. */
  readonly only?: readonly string[];
  /** Files in it that are no part of it, such as the script that packs it: `only` does not hold for them. */
  readonly aside?: readonly string[];
  /** True when the folders inside it may not import each other. */
  readonly isApart?: true;
}

/** Both sides agree on what stands in shared/; it knows neither of them. */
const shared = (name: string, rest: Omit<Partial<Layer>, "folder"> = {}): Layer => ({
  folder: `shared/${name}`,
  ...rest,
  never: ["edge", "cloud", ...(rest.never ?? [])],
});
const edge = (name: string): Layer => ({ folder: `edge/${name}`, never: ["cloud"] });
const cloud = (name: string, rest: Pick<Layer, "isApart"> = {}): Layer => ({
  folder: `cloud/${name}`,
  never: ["edge"],
  ...rest,
});

/** Pure stages of the data's way: they work on values, so that both sides get the same result. */
const withoutStore = { never: ["shared/couch"] };

export const layers: readonly Layer[] = [
  shared("access"),
  shared("api"),
  shared("auth"),
  shared("couch"),
  shared("devices", withoutStore),
  shared("formats", withoutStore),
  shared("keep"),
  shared("lorawan-packet-decoder", { only: ["node:crypto"], aside: ["build.ts"] }),
  shared("model", { only: ["zod"] }),
  shared("series", withoutStore),
  shared("sheets", withoutStore),
  shared("testing"),
  shared("web"),
  edge("access"),
  edge("health"),
  edge("mqtt"),
  edge("radio"),
  edge("requests"),
  edge("setup"),
  edge("site"),
  edge("store"),
  edge("sync"),
  edge("web"),
  cloud("api"),
  cloud("areas", { isApart: true }),
  cloud("auth"),
  cloud("hub"),
  cloud("mail"),
  cloud("outbound"),
  cloud("intake"),
  cloud("web"),
  cloud("webhooks"),
];
