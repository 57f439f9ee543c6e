/** `assignment-row`: where a device is or was, as it is told over HTTP. */
import { indexText } from "#shared/model/decimal-index.ts";
import type { Installation } from "#cloud/hub/devices/installing.ts";
import type { Item } from "#cloud/hub/inventory.ts";
import type { AssignmentRow } from "#shared/api/devices.ts";

export function assignmentRow({ device, units }: Item, one: Installation): AssignmentRow {
  const { installationId, unitId, from, to, startN, endN, scale = 0, indexUnit, multiplier } = one;
  const unit = units.get(unitId);
  const tenancies = (unit?.tenancies ?? []).filter(
    (tenancy) =>
      (tenancy.to === undefined || from < tenancy.to) && (to === undefined || tenancy.from < to),
  );
  return {
    id: installationId,
    dev_eui: device.deviceId,
    unit: unit ? { id: unitId, name: unit.name } : null,
    residents: tenancies.map((tenancy) => ({
      end_user_id: tenancy.residentId,
      valid_from: tenancy.from > from ? tenancy.from : from,
      valid_to: earlier(tenancy.to, to),
    })),
    valid_from: from,
    valid_to: to ?? null,
    start_index: startN === undefined ? null : indexText(startN, scale),
    end_index: endN === undefined ? null : indexText(endN, scale),
    index_unit: indexUnit ?? null,
    multiplier: multiplier ?? null,
  };
}

function earlier(a: string | undefined, b: string | undefined): string | null {
  if (a === undefined || b === undefined) return a ?? b ?? null;
  return a < b ? a : b;
}
