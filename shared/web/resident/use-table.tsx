/** `use-table`: the same periods as the picture, in numbers and words. */
import type { Consumption } from "#shared/api/resident.ts";
import { language } from "../language.ts";
import type { Span } from "../local-dates.ts";
import { localeOf } from "../moments.ts";
import { number, valueOf } from "../quantities.ts";
import { unitOfPeriods } from "./amounts.ts";
import { knownHow } from "./known-how.ts";
import { periodName } from "./period-names.ts";
import { waterUnit } from "./preferences.ts";
import { speech } from "./speech.ts";

export function UseTable({ use, span, title }: { use: Consumption; span: Span; title: string }) {
  const { words } = speech;
  const unit = unitOfPeriods(use, waterUnit.value);
  const digits = Math.min(3, unit.resolution);
  const text = (n: number | null) =>
    n === null
      ? "–"
      : number(valueOf({ n, scale: use.scale }) * unit.factor, digits, localeOf(language.value));
  const begun = use.periods.filter(({ quality }) => quality !== "future");
  return (
    <div class="values" tabIndex={0} role="region" aria-label={`${words.meter.table}, ${title}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.meter.columns[span]}</th>
            <th scope="col" class="amount">
              {words.meter.use}
              {unit.symbol === "" ? "" : `, ${unit.symbol}`}
            </th>
            <th scope="col">{words.meter.known}</th>
          </tr>
        </thead>
        <tbody>
          {begun.map((period) => (
            <tr key={period.from}>
              <th scope="row">{periodName(period, span, use.zone, language.value, true)}</th>
              <td class="amount">{text(period.n)}</td>
              <td>{knownHow(period, words)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.meter.total}</th>
            <td class="amount">{text(use.total)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
