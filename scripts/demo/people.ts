/** `people`: names of residents who do not exist. */

const FIRST = [
  "Alba",
  "Bruno",
  "Carla",
  "Daniel",
  "Elena",
  "Felix",
  "Greta",
  "Hugo",
  "Irene",
  "Jonas",
  "Klara",
  "Leo",
  "Marta",
  "Nico",
  "Olivia",
  "Pablo",
  "Quim",
  "Rosa",
  "Simon",
  "Teresa",
  "Uma",
  "Victor",
  "Wanda",
  "Xavier",
  "Yara",
  "Zoe",
  "Anton",
  "Bianca",
  "Cosme",
  "Diana",
  "Emil",
  "Flora",
  "Gonzalo",
  "Hanna",
  "Iker",
  "Julia",
  "Kilian",
  "Laura",
  "Mateo",
  "Nora",
  "Oscar",
  "Paula",
];
const LAST = [
  "Arroyo",
  "Berg",
  "Campos",
  "Duval",
  "Encina",
  "Fuente",
  "Garten",
  "Hayes",
  "Ibarra",
  "Jardin",
  "Klee",
  "Lago",
  "Moreau",
  "Niebla",
  "Olmo",
  "Prado",
  "Quiroga",
  "Rivera",
  "Sommer",
  "Torre",
];
const LANGUAGES = ["en", "es", "de", "fr"] as const;

export interface InventedPerson {
  readonly ref: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly language: (typeof LANGUAGES)[number];
}

/** The nth of them, always the same one. */
export function person(n: number): InventedPerson {
  const first_name = FIRST[n % FIRST.length] ?? "Ada";
  const last_name = LAST[(n * 7 + Math.floor(n / FIRST.length)) % LAST.length] ?? "Lago";
  const name = `${first_name}.${last_name}`.toLowerCase();
  return {
    ref: `resident-${n + 1}`,
    first_name,
    last_name,
    email: n < FIRST.length ? `${name}@example.org` : `${name}.${n}@example.org`,
    language: LANGUAGES[n % LANGUAGES.length] ?? "en",
  };
}
