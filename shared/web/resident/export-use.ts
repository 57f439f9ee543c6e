/**
 * `export-use`: what is shown, as a file made in the page. Must never ask for more than is shown.
 */
import type { Consumption } from "#shared/api/resident.ts";
import { toCsv, type Cell } from "../csv.ts";
import { language } from "../language.ts";
import type { Span } from "../local-dates.ts";
import { symbolOf, valueOf } from "../quantities.ts";
import { saveFile } from "../save-file.ts";
import type { Words } from "../words/en.ts";
import { knownHow } from "./known-how.ts";
import { periodName } from "./period-names.ts";
import type { Home } from "./session.ts";

export interface ExportedUse {
  readonly use: Consumption;
  readonly span: Span;
  readonly home: Home;
  readonly words: Words;
  readonly title: string;
}

/** The rows of the file: exact amounts in the meter's own unit, times in UTC beside the local names. */
export function useRows({ use, span, home, words, title }: ExportedUse, speaks: string): Cell[][] {
  const { meter } = words;
  const symbol = symbolOf(use.unit);
  return [
    [home.name, words.kinds[use.kind], title],
    [
      meter.columns[span],
      meter.from,
      meter.to,
      symbol === "" ? meter.use : `${meter.use} (${symbol})`,
      meter.known,
    ],
    ...use.periods
      .filter(({ quality }) => quality !== "future")
      .map((period) => [
        periodName(period, span, use.zone, speaks),
        period.from,
        period.to,
        period.n === null ? null : valueOf({ n: period.n, scale: use.scale }),
        knownHow(period, words),
      ]),
    [
      meter.total,
      null,
      null,
      use.total === null ? null : valueOf({ n: use.total, scale: use.scale }),
      null,
    ],
  ];
}

/** Hands the file to the browser. */
export function exportUse(shown: ExportedUse): void {
  const speaks = language.value;
  const text = toCsv(useRows(shown, speaks), speaks === "en" ? "." : ",");
  const name = plainName([shown.home.name, shown.words.kinds[shown.use.kind], shown.title]);
  saveFile(`${name}.csv`, text);
}

function plainName(parts: readonly string[]): string {
  return parts
    .join(" ")
    .normalize("NFD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .toLowerCase();
}
