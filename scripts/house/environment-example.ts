/** `.env.example` as text, made from the settings that both config files declare. */
import { settings as hub } from "#cloud/config.ts";
import { settings as gateway } from "#edge/config.ts";

/** One declared setting: what it is for, and its value when it is not given. */
interface Setting {
  readonly about: string;
  readonly default?: string | number | boolean | undefined;
}

/** Every setting of both programs with its default; one without a default is empty. */
export function environmentExample(): string {
  return [part("The gateway (npm run edge)", gateway), part("The hub (npm run hub)", hub)].join(
    "\n",
  );
}

function part(title: string, settings: Readonly<Record<string, Setting>>): string {
  const lines = Object.entries(settings).map(
    ([name, setting]) => `# ${setting.about}\n#${name}=${setting.default ?? ""}\n`,
  );
  return [`# ${title}`, "", ...lines].join("\n");
}
