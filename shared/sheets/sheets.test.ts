import { zipSync, strToU8 } from "fflate";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { readSheet } from "./read-sheet.ts";
import { sheetLimits } from "./sheet.ts";
import { toXlsx } from "./write-xlsx.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const cells = async (given: Uint8Array) => {
  const { header, rows } = await readSheet(given);
  return [header, ...rows.map((row) => row.cells)];
};
const refusal = async (given: Uint8Array, limits = sheetLimits) => {
  try {
    await readSheet(given, limits);
  } catch (error) {
    if (isFault(error, "invalid")) return error.message;
    throw error;
  }
  return undefined;
};

test("a CSV is read whatever stands between its cells, with a mark in front or without", async () => {
  const wanted = [
    ["dev_eui", "name"],
    ["01", 'a "b"; c'],
  ];
  assert.equal(await cells(bytes('dev_eui;name\r\n01;"a ""b""; c"\r\n')), wanted);
  assert.equal(await cells(bytes('\uFEFFdev_eui,name\n01,"a ""b""; c"\n\n')), wanted);
  assert.equal(await cells(bytes('dev_eui\tname\n01\t"a ""b""; c"')), wanted);
});

test("other encodings are understood, and what was assumed is said", async () => {
  const text = "name;unit\nMuñoz;Ático";
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  assert.equal((await cells(utf16))[1], ["Muñoz", "Ático"]);
  const { rows, notes } = await readSheet(Buffer.from(text, "latin1"));
  assert.equal(rows[0]?.cells, ["Muñoz", "Ático"]);
  assert.match(notes[0] ?? "", /Windows-1252/);
});

test("rows know their line, short ones are filled and empty ones passed over", async () => {
  const { rows } = await readSheet(bytes("a;b;c\n\n1;2\n;;\n3;4;5;6\n"));
  assert.equal(
    rows.map(({ line, cells: row }) => [line, ...row]),
    [
      [3, "1", "2", ""],
      [5, "3", "4", "5"],
    ],
  );
});

test("a row with line breaks in a cell is told by the line it begins in", async () => {
  for (const end of ["\n", "\r\n"]) {
    const { rows } = await readSheet(bytes(["a;b", '1;"x', 'y"', "2;z", ""].join(end)));
    assert.equal(
      rows.map(({ line, cells: row }) => [line, row[0]]),
      [
        [2, "1"],
        [4, "2"],
      ],
    );
  }
});

test("what is written as XLSX is read again, text as text", async () => {
  const rows = [
    ["dev_eui", "name", "n"],
    ["0004A30B001F2A3B", "=1+1 <&> Ñ", 12.5],
    ["00000000000000000001", " two", null],
  ];
  assert.equal(await cells(toXlsx("Devices", rows)), [
    ["dev_eui", "name", "n"],
    ["0004A30B001F2A3B", "=1+1 <&> Ñ", "12.5"],
    ["00000000000000000001", "two", ""],
  ]);
});

/** A workbook as other programs write it: shared strings, styles, a formula, gaps between cells. */
function foreignBook(sheet: string, more: Record<string, string> = {}): Uint8Array {
  const files = {
    "xl/workbook.xml":
      '<workbook><sheets><sheet name="A" sheetId="1" r:id="r7"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels":
      '<Relationships><Relationship Target="worksheets/x.xml" Id="r7"/></Relationships>',
    "xl/sharedStrings.xml":
      "<sst><si><t>dev_eui</t></si><si><r><t>va</t></r><r><t>lid_from</t></r></si><si><t>n &amp; m</t></si></sst>",
    "xl/styles.xml":
      '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>',
    "xl/worksheets/x.xml": `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
    ...more,
  };
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
  );
}
const HEADER = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>';

test("a workbook of another program: shared strings, dates, results of formulas, gaps", async () => {
  const sheet = `${HEADER}<row r="4"><c r="A4" t="s"><v>2</v></c><c r="C4" s="1"><v>46082</v></c></row><row r="5"><c r="A5"><f>1+1</f><v>2</v></c><c r="C5" s="2"><v>46082.5</v></c></row><row r="6"><c r="A6"><v>0.30000000000000004</v></c></row>`;
  const { header, rows } = await readSheet(foreignBook(sheet));
  assert.equal(header, ["dev_eui", "", "valid_from"]);
  assert.equal(
    rows.map(({ line, cells: row }) => [line, ...row]),
    [
      [4, "n & m", "", "2026-03-01"],
      [5, "2", "", "2026-03-01T12:00:00"],
      [6, "0.3", "", ""],
    ],
  );
});

test("entities that would fetch or grow are text without meaning", async () => {
  const strings =
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]><sst><si><t>dev_eui</t></si><si><t>x</t></si><si><t>&a;&f;&#65;</t></si></sst>';
  const sheet = `${HEADER}<row r="2"><c r="A2" t="s"><v>2</v></c></row>`;
  const { rows } = await readSheet(foreignBook(sheet, { "xl/sharedStrings.xml": strings }));
  assert.is(rows[0]?.cells[0], "&a;&f;A");
});

test("a file that would grow, has too many rows, cells too long, or is none is refused in words", async () => {
  const bomb = foreignBook("<row>".padEnd(30_000_000, " "));
  assert.ok(bomb.length < 200_000);
  assert.match((await refusal(bomb, { ...sheetLimits, mostUnpacked: 1_000_000 })) ?? "", /grows/);
  const few = { ...sheetLimits, mostRows: 10 };
  assert.match((await refusal(bytes(`a\n${"1\n".repeat(1_000_000)}`), few)) ?? "", /10 rows/);
  assert.match((await refusal(foreignBook(HEADER + "<row/>".repeat(100)), few)) ?? "", /10 rows/);
  assert.match((await refusal(bytes(`a\n${"x".repeat(5_000)}`))) ?? "", /4000 characters/);
  assert.match((await refusal(bytes(`a\n"${"x".repeat(2_000_000)}`))) ?? "", /too long|not closed/);
  assert.match(
    (await refusal(Buffer.from([0x50, 0x4b, 3, 4, 9, 9, 9, 9]))) ?? "",
    /damaged|no XLSX/,
  );
  assert.match((await refusal(Buffer.from("a;b\0;c"))) ?? "", /no text/);
  assert.match((await refusal(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) ?? "", /XLSX or CSV/);
  assert.match((await refusal(new Uint8Array())) ?? "", /empty/);
  assert.match((await refusal(bytes("\n\n"))) ?? "", /empty/);
});

test("a cut or damaged workbook is refused, whatever was damaged", async () => {
  const whole = toXlsx("A", [["a"], ...Array.from({ length: 50 }, (_, i) => [`row ${i}`])]);
  let state = 7;
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  for (let round = 0; round < 60; round++) {
    const broken = Uint8Array.from(whole.subarray(0, Math.ceil(random() * whole.length)));
    for (let i = 0; i < 4; i++) broken[Math.floor(random() * broken.length)] = random() * 256;
    // Either it is refused in words or it is read; anything else thrown fails.
    await refusal(broken);
  }
});

test.run();
