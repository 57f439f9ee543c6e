import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openStand } from "#cloud/hub-stand.ts";
import { compact, isFoundIn, phoneText, searchFor, searchText } from "./search.ts";

const test = suite("search");
const finds = (q: string, ...parts: (string | null)[]) =>
  isFoundIn(searchFor(q), searchText(parts));

test("letters are found with and without marks and capitals", () => {
  for (const q of ["lopez", "LÓPEZ", "lópez", "maria jose", "Jose lo"])
    assert.ok(finds(q, "María José", "López"), q);
  assert.ok(finds("strasse", "Große Straße"));
  assert.ok(finds("ÅNGSTROM", "Ångström"));
  assert.not(finds("lopes", "María José", "López"));
  assert.ok(finds(" ", "anything"), "nothing typed finds all");
});

test("a phone number is found in any writing, wherever its country's code stands", () => {
  const abroad = phoneText("+34 600-12-34-56");
  for (const q of [
    "600123456",
    "600 12 34 56",
    "(600) 123-456",
    "+34600123456",
    "0034 600 123 456",
    "600.123",
  ])
    assert.ok(finds(q, "María", abroad), q);
  assert.ok(finds("maria 600123", "María", abroad), "beside a name");
  assert.ok(finds("0176 1234567", phoneText("+49 (0)176 1234567")), "as dialled in the country");
  assert.ok(finds("+49 176 1234567", phoneText("0176/1234567")), "kept as dialled in the country");
  assert.not(finds("+34 600123456", phoneText("+33 600123456")), "another country's");
});

test("a DevEUI and a serial number are found in any writing", () => {
  for (const q of [
    "A8:40:41:00:01:81:C0:01",
    "a8-40-41-00-01-81-c0-01",
    "A8 40 41 00 01 81 C0 01",
    "0181C001",
    "01:81:c0",
  ])
    assert.ok(finds(q, "Meter", "a84041000181c001"), q);
  for (const q of ["8ABC-001 23", "8abc00123", "8ABC 00123"])
    assert.ok(finds(q, "8ABC-00123", compact("8ABC-00123")), q);
  assert.not(finds("A8:40:41:00:01:81:C0:02", "a84041000181c001"));
});

test("people, homes, devices and communities are found by any writing of what is said of them", async () => {
  const stand = await openStand(process.env.COUCHDB_URL);
  try {
    const cookie = await stand.operator("olga@a.example");
    const tenant = stand.tenant("hillside");
    const post = async (path: string, body: object) => {
      const answer = await stand.ask("POST", `/api/v1${path}`, { cookie, body });
      assert.is(answer.status, 201, answer.text);
      return answer.json.data;
    };
    const phone = "+34 910 00 00 00";
    await post("/customers", { name: "Alcalá", tenant_name: tenant, phone });
    const { person } = await post("/people", {
      email: "m@hillside.example",
      first_name: "María José",
      last_name: "López",
      phone: "+34 600-12-34-56",
      role: "resident",
      on: { kind: "community", id: tenant },
      activation: "none",
    });
    const unit = await post("/units", { community: tenant, name: "3B" });
    await post(`/units/${unit.id}/tenancies`, { resident: person.memberships[0].resident_id });
    const dev_eui = "a84041000181c001";
    await post("/devices/register", {
      dev_eui,
      device_name: "Water",
      device_type: "water_meter",
      serial_number: "8ABC-001",
      community: tenant,
    });
    const assigned = await stand.ask("PUT", `/api/v1/devices/${dev_eui}/assign`, {
      cookie,
      body: { unit_id: unit.id },
    });
    assert.is(assigned.status, 200, assigned.text);
    const total = async (path: string, q: string) => {
      const asked = `/api/v1${path}?q=${encodeURIComponent(q)}`;
      return (await stand.ask("GET", asked, { cookie })).json.total;
    };
    for (const q of ["lopez", "LÓPEZ maria", "0034600123456", "600 12 34 56", "m@hillside.example"])
      for (const path of ["/people", "/units", "/devices"])
        assert.is(await total(path, q), 1, `${path} ${q}`);
    for (const q of ["A8:40:41:00:01:81:C0:01", "8abc001", "81 c0 01"])
      assert.is(await total("/devices", q), 1, q);
    for (const q of ["alcala", "910000000"]) assert.is(await total("/customers", q), 1, q);
    for (const path of ["/people", "/units", "/devices", "/customers"])
      assert.is(await total(path, "garcia"), 0, path);
  } finally {
    await stand.close();
  }
});

test.run();
