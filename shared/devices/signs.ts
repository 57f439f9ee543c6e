/**
 * `signs`: by what a payload of unknown origin may be told to come from a model.
 */

export interface Signs {
  /** Ports the device sends its readings on, or null when they can be set. */
  readonly ports: readonly number[] | null;
  readonly minBytes: number;
  /** 0: almost any bytes would pass; 3: chance is out of the question. */
  readonly strictness: 0 | 1 | 2 | 3;
}

/** Channels announced by two bytes each. */
const channelled: Signs = { ports: null, minBytes: 3, strictness: 2 };

const byMaker: Readonly<Record<string, Signs>> = {
  elvaco: { ports: [2], minBytes: 20, strictness: 3 },
  milesight: channelled,
  quandify: { ports: [1], minBytes: 28, strictness: 1 },
};

/** Nothing to go by: such a model is never guessed by chance bytes, as its port must fit and be its own. */
const unknown: Signs = { ports: [], minBytes: 1, strictness: 0 };

export function signsOf(model: string): Signs {
  return byMaker[model.slice(0, model.indexOf("/"))] ?? unknown;
}
