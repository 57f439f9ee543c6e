/**
 * `moving-line`: one line at the bottom that changes in place, and others that scroll past above.
 * Where the output is no terminal, the line is written again only now and then.
 */

export interface MovingLine {
  /** Shows it in place of the one before. */
  show(line: string): void;
  /** Written above it, for good. */
  say(line: string): void;
  /** Leaves the last one standing. */
  end(): void;
}

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const SELDOM_MS = 10_000;
const CLEAR = "\r\u001b[2K";

export function movingLine(output: Output, now: () => number): MovingLine {
  let shown = "";
  let writtenAt = -Infinity;
  const draw = (line: string) =>
    output.write(`${CLEAR}${line.slice(0, Math.max(20, (output.columns ?? 100) - 1))}`);
  return {
    show(line) {
      if (line === shown) return;
      if (output.isTTY) draw(line);
      else if (now() - writtenAt >= SELDOM_MS) {
        output.write(`${line}\n`);
        writtenAt = now();
      }
      shown = line;
    },
    say(line) {
      if (!output.isTTY || shown === "") output.write(`${line}\n`);
      else {
        output.write(`${CLEAR}${line}\n`);
        draw(shown);
      }
    },
    end() {
      if (output.isTTY && shown !== "") output.write("\n");
      shown = "";
    },
  };
}
