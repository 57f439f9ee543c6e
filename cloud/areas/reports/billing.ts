/** `billing`: every meter of a period with its indexes: a page of it, as a file, in sums, and what is missing. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import { indexText } from "#shared/model/decimal-index.ts";
import { BillingRow, Completeness, TotalRow } from "#shared/api/reports.ts";
import {
  billedInstallations,
  billingLines,
  billingTotals,
  missingMeters,
  type BillingLine,
} from "#shared/series/billing.ts";
import { XLSX_TYPE } from "#shared/sheets/write-xlsx.ts";
import { ReportAsked, subjectOf, type Subject } from "./asked.ts";
import { billingFile } from "./billing-file.ts";

const iso = (ms: number) => new Date(ms).toISOString();

export function billingRow({ units, buildings, devices }: Subject, line: BillingLine): BillingRow {
  const { unitId, building, deviceId, scale, start, end, consumption, adjusted } = line;
  const device = devices.get(deviceId);
  const text = (n: number | null) => (n === null ? null : indexText(n, scale));
  const border = (at: BillingLine["start"]) =>
    at && { at: iso(at.atMs), index: indexText(at.n, scale), is_measured: at.isMeasured };
  return {
    unit: { id: unitId, name: units.get(unitId)?.name ?? "" },
    building: building === undefined ? null : (buildings.get(building) ?? null),
    dev_eui: deviceId,
    device_name: device?.name ?? "",
    serial_number: device?.serial ?? null,
    assignment_id: line.installationId,
    kind: line.kind,
    register: line.register,
    unit_of_measure: line.unit,
    from: iso(line.fromMs),
    to: iso(line.toMs),
    start: border(start),
    end: border(end),
    consumption: text(consumption),
    adjusted: consumption === null ? null : text(adjusted),
    exchange: line.exchange,
    is_estimated: line.isEstimated,
    expected: line.expected,
    heard: line.heard,
    marks: [...line.marks],
  };
}

const list = route({
  method: "get",
  path: "/reports/billing",
  right: "reports.read",
  title:
    "A billing period: every home and meter with start and end index, consumption, exchange and estimate.",
  query: Paging.extend(ReportAsked.shape),
  answer: { rows: BillingRow },
  open:
    ({ hub, readings }) =>
    async ({ scope, query }) => {
      const subject = await subjectOf(hub, scope, query);
      const { tenant } = subject.community;
      const all = billedInstallations(subject.asked);
      const some = all.slice(query.offset, query.offset + query.limit);
      const lines = await billingLines(readings, scope, tenant, subject.asked, some);
      return { rows: lines.map((line) => billingRow(subject, line)), total: all.length };
    },
});

const file = route({
  method: "get",
  path: "/reports/billing/file",
  right: "reports.read",
  title: "The same as a file: CSV, or a workbook.",
  query: ReportAsked.extend({
    format: z.enum(["csv", "xlsx"]).default("csv"),
    /** How numbers are written in CSV. */
    decimal: z.enum([".", ","]).default("."),
  }),
  answer: { file: ["text/csv", XLSX_TYPE] },
  isSensitive: true,
  open:
    ({ hub, readings }) =>
    async ({ scope, query, trail }) => {
      const { format, decimal, ...asked } = query;
      const subject = await subjectOf(hub, scope, asked);
      const { tenant, communityId } = subject.community;
      trail.note({ what: "report.billing", communityId, after: { ...asked, format } });
      const lines = await billingLines(readings, scope, tenant, subject.asked);
      const rows = lines.map((line) => billingRow(subject, line));
      return billingFile(rows, { format, decimal, name: `billing-${tenant}-${asked.from}` });
    },
});

const totals = route({
  method: "get",
  path: "/reports/totals",
  right: "reports.read",
  title: "What was used in a period, per home, building or kind; most first.",
  query: Paging.extend(ReportAsked.shape).extend({
    by: z.enum(["unit", "building", "kind"]).default("unit"),
  }),
  answer: { rows: TotalRow },
  open:
    ({ hub, readings }) =>
    async ({ scope, query }) => {
      const subject = await subjectOf(hub, scope, query);
      const { community, units, buildings, asked } = subject;
      const lines = await billingLines(readings, scope, community.tenant, asked);
      const nameOf = (key: string) =>
        query.by === "unit"
          ? (units.get(key)?.name ?? "")
          : query.by === "building"
            ? (buildings.get(key) ?? "")
            : key;
      const all = billingTotals(lines, query.by)
        .sort((a, b) => b.n * 10 ** b.scale - a.n * 10 ** a.scale)
        .map((one): TotalRow => ({
          by: query.by,
          id: one.key === "" ? null : one.key,
          name: nameOf(one.key),
          kind: one.kind,
          unit_of_measure: one.unit,
          consumption: indexText(one.n, one.scale),
          meters: one.meters,
          missing: one.missing,
          estimated: one.estimated,
        }));
      return { rows: all.slice(query.offset, query.offset + query.limit), total: all.length };
    },
});

const completeness = route({
  method: "get",
  path: "/reports/completeness",
  right: "reports.read",
  title: "How much of a period was heard, and which meters are missing in it.",
  query: ReportAsked.extend({
    /** Heard less than this share of the time it should have been: missing. */
    share: z.coerce.number().min(0).max(1).default(0.9),
  }),
  answer: { data: Completeness },
  open:
    ({ hub, readings }) =>
    async ({ scope, query }) => {
      const subject = await subjectOf(hub, scope, query);
      const { community, units, devices, asked } = subject;
      const lines = await billingLines(readings, scope, community.tenant, asked);
      return {
        from: asked.from,
        to: asked.to,
        expected: lines.reduce((sum, { expected }) => sum + expected, 0),
        heard: lines.reduce((sum, { heard }) => sum + heard, 0),
        meters: new Set(lines.map(({ deviceId }) => deviceId)).size,
        missing: missingMeters(lines, query.share).map((line) => ({
          dev_eui: line.deviceId,
          device_name: devices.get(line.deviceId)?.name ?? "",
          unit: { id: line.unitId, name: units.get(line.unitId)?.name ?? "" },
          kind: line.kind,
          expected: line.expected,
          heard: line.heard,
          has_number: line.consumption !== null,
        })),
      };
    },
});

export const billingRoutes = [list, file, totals, completeness];
