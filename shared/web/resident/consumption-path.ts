/** `consumption-path`: how the API is asked for the use of one meter. */
export function consumptionPath(
  unitId: string,
  meterId: string,
  { from, to }: { from: string; to: string },
  by: "hour" | "day" | "month",
): string {
  const asked = new URLSearchParams({ from, to, by });
  return `/me/homes/${encodeURIComponent(unitId)}/meters/${encodeURIComponent(meterId)}/consumption?${asked}`;
}
