import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseSyncRequest } from "./sync-request.ts";

const parse = (method: string, path: string) => {
  const parsed = parseSyncRequest(method, new URL(`http://hub${path}`), "/sync");
  return (
    parsed && [parsed.operation, parsed.name, parsed.id, parsed.query.toString()].join(" ").trim()
  );
};
const db = "t-foo-tele-202611";

test("what PouchDB's replication asks is in the list", () => {
  const cases: readonly [string, string, string][] = [
    ["GET", "/sync", "welcome"],
    ["GET", "/sync/", "welcome"],
    ["GET", `/sync/${db}`, `info ${db}`],
    ["GET", `/sync/${db}/`, `info ${db}`],
    ["PUT", `/sync/${db}`, `create ${db}`],
    ["GET", `/sync/${db}/_local/a.b_c%3D%3D`, `getLocal ${db} a.b_c==`],
    ["GET", `/sync/${db}/_local/_kNV.8j%3D%3D`, `getLocal ${db} _kNV.8j==`],
    ["PUT", `/sync/${db}/_local/abc`, `putLocal ${db} abc`],
    ["POST", `/sync/${db}/_revs_diff`, `revsDiff ${db}`],
    ["POST", `/sync/${db}/_bulk_docs`, `bulkDocs ${db}`],
    [
      "POST",
      `/sync/${db}/_bulk_get?revs=true&latest=true&x=1`,
      `bulkGet ${db}  revs=true&latest=true`,
    ],
    [
      "GET",
      `/sync/${db}/_changes?since=0&style=all_docs&limit=5&view=a/b`,
      `changes ${db}  since=0&limit=5&style=all_docs`,
    ],
    ["POST", `/sync/${db}/_changes?filter=_doc_ids`, `changes ${db}  filter=_doc_ids`],
    ["GET", `/sync/${db}/s:a%2Fb?revs=true`, `get ${db} s:a/b revs=true`],
    ["POST", `/sync/${db}/_ensure_full_commit`, `commit ${db}`],
  ];
  for (const [method, path, expected] of cases)
    assert.is(parse(method, path), expected, `${method} ${path}`);
});

test("what is not in the list does not exist", () => {
  const cases: readonly [string, string][] = [
    ["POST", "/sync"],
    ["GET", "/syncx"],
    ["GET", "/other"],
    ["DELETE", `/sync/${db}`],
    ["HEAD", `/sync/${db}`],
    ["PUT", `/sync/${db}/doc`],
    ["DELETE", `/sync/${db}/doc`],
    ["GET", `/sync/${db}/doc/attachment`],
    ["GET", `/sync/${db}/_security`],
    ["GET", `/sync/${db}/_design/riser`],
    ["GET", `/sync/${db}/%5Fsecurity`],
    ["GET", `/sync/${db}/%E0%A4`],
    ["GET", `/sync/${db}/_local/a%2Fb`],
    ["GET", `/sync/${db}/_local/`],
    ["POST", `/sync/${db}/_purge`],
    ["GET", `/sync/${db}//`],
    ["GET", `/sync/${db}/${"x".repeat(600)}`],
    ["GET", "/sync/_all_dbs"],
    ["GET", "/sync/riser"],
    ["GET", "/sync/T-foo-tele-202611"],
    ["GET", "/sync/%74-foo-tele-202611"],
    ["GET", "/sync/t-foo-tele-202613"],
  ];
  for (const [method, path] of cases)
    assert.is(parse(method, path), undefined, `${method} ${path}`);
});

test.run();
