/**
 * `authority`: a certificate authority of a test's own, by the machine's `openssl`: what it signs is
 * for any name and any time. All of it lies in a folder that the test removes.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificate {
  /** Both in PEM. */
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** For `NODE_EXTRA_CA_CERTS`. */
  readonly file: string;
  /** @param names as `DNS:hub.example,IP:127.0.0.1`; good from an hour ago until tomorrow unless said otherwise */
  sign(names: string, days?: { readonly fromMs: number; readonly toMs: number }): Certificate;
}

const HOUR_MS = 3_600_000;
const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/**
 * @param name of its files; `subject` is what it calls itself in certificates
 * @throws Error with openssl's words
 */
export function authority(folder: string, name: string, subject = name): Authority {
  const openssl = (args: readonly string[]) => {
    const { status, stderr, error } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw error ?? new Error(stderr);
  };
  const root = ["-keyout", `${name}.key`, "-out", `${name}.pem`, "-subj", `/CN=${subject}`];
  openssl(["req", "-x509", ...EC, "-days", "2", ...root]);
  // `openssl x509` of Debian 12 knows no first day; `openssl ca` does, and wants its books.
  const settings = [
    "[ca]",
    "default_ca=own",
    "[own]",
    `database=${name}.index`,
    "new_certs_dir=.",
    `certificate=${name}.pem`,
    `private_key=${name}.key`,
    "rand_serial=yes",
    "unique_subject=no",
    "default_md=sha256",
    "policy=any",
    "[any]",
    "commonName=supplied",
  ];
  writeFileSync(join(folder, `${name}.cnf`), `${settings.join("\n")}\n`);
  writeFileSync(join(folder, `${name}.index`), "");
  let signed = 0;
  return {
    file: join(folder, `${name}.pem`),
    sign(
      names,
      { fromMs, toMs } = { fromMs: Date.now() - HOUR_MS, toMs: Date.now() + 24 * HOUR_MS },
    ) {
      const leaf = `${name}-${++signed}`;
      const wanted = ["-keyout", `${leaf}.key`, "-out", `${leaf}.csr`, "-subj", "/CN=hub"];
      openssl(["req", ...EC, ...wanted]);
      writeFileSync(join(folder, `${leaf}.ext`), `subjectAltName=${names}\n`);
      const how = ["-batch", "-notext", "-config", `${name}.cnf`, "-extfile", `${leaf}.ext`];
      const when = ["-startdate", ofAsn1(fromMs), "-enddate", ofAsn1(toMs)];
      openssl(["ca", ...how, ...when, "-in", `${leaf}.csr`, "-out", `${leaf}.pem`]);
      const read = (kind: string) => readFileSync(join(folder, `${leaf}.${kind}`), "utf8");
      return { key: read("key"), cert: read("pem") };
    },
  };
}

/** `20261123123000Z` */
const ofAsn1 = (ms: number) => `${new Date(ms).toISOString().replaceAll(/\D/g, "").slice(0, 14)}Z`;
