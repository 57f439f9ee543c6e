/**
 * `matrix`: the contract of a route's row in the isolation matrix. Each area has a `matrix.ts` with
 * a row per route; a route without one fails the test. Only tests use it.
 */

/** Ids of things of one side. `own` lies in community A1; `sibling` in A2 of the same organization; `foreign` in another organization; `missing` is well formed and nowhere. */
export interface Ids {
  readonly community: string;
  readonly tenant: string;
  readonly devEui: string;
  readonly unit: string;
  /** A home somebody lives in. */
  readonly home: string;
  readonly tenancy: string;
  readonly building: string;
  /** Of homes. */
  readonly group: string;
  readonly dashboard: string;
  readonly virtualMeter: string;
  readonly resident: string;
  readonly person: string;
  readonly gateway: string;
  readonly key: string;
  readonly decoder: string;
  readonly mapping: string;
  readonly webhook: string;
  readonly upload: string;
}

/** A request: a path below `/api/v1`, or a path with a body or an upload. */
export type Ask = string | { readonly path: string; readonly body: unknown };

export interface Row {
  /** Each way to ask it, with every optional parameter tried. Bodies are such that only reach can be wrong. */
  readonly asks: (ids: Ids) => readonly Ask[];
  /** True when an id outside of the asker's reach is "not found"; without, a list is only cut. */
  readonly namesThings?: true;
  /** True when it changes nothing, and lists those ids that are outside of the asker's reach as unknown. */
  readonly tellsUnknown?: true;
  /** True when nobody of the matrix has what it names: "not found" to whoever may ask. It names things. */
  readonly isNobodys?: true;
  /** Which roles have it though the roles table says otherwise, with the reason in a comment beside it. */
  readonly alsoForbidden?: readonly string[];
}

/** By method and path as declared: `GET /devices/:dev_eui`. A second row for the same route has words behind it in brackets. */
export type Rows = Readonly<Record<string, Row>>;
