/** `envelope`: how HTTP says yes: `{"status":"success","data":…}`, lists with total, limit and offset. */
export interface Success<T> {
  readonly status: "success";
  readonly data: T;
}
export interface Page<T> extends Success<readonly T[]> {
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
}

export function success<T>(data: T): Success<T> {
  return { status: "success", data };
}

/** One page of `rows`, which are all there are. */
export function page<T>(
  rows: readonly T[],
  { limit, offset }: { limit: number; offset: number },
): Page<T> {
  return {
    status: "success",
    data: rows.slice(offset, offset + limit),
    total: rows.length,
    limit,
    offset,
  };
}
