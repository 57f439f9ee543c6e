/** `signal-bars`: how well a device is heard: four bars and the number they stand for. */
import "./signal-bars.css";

/** Weakest signal, dBm, at which so many bars are drawn; LoRaWAN meters are heard down to about −137. */
const STEPS = [-120, -112, -103, -93] as const;

export interface SignalBarsProps {
  /** dBm. */
  readonly rssi: number;
  /** dB. */
  readonly snr: number | null;
  /** Spreading factor. */
  readonly sf?: number | null;
}

export function SignalBars({ rssi, snr, sf }: SignalBarsProps) {
  const strong = Math.max(1, STEPS.filter((step) => rssi >= step).length);
  const more = [
    snr === null ? "" : `SNR ${minus(snr)} dB`,
    sf === null || sf === undefined ? "" : `SF${sf}`,
  ];
  return (
    <span class="signal" title={more.filter((part) => part !== "").join(" · ")}>
      <svg width={16} height={12} aria-hidden="true">
        {STEPS.map((step, i) => (
          <rect
            key={step}
            class={i < strong ? "signal-on" : "signal-off"}
            x={i * 4 + 0.5}
            width={3}
            y={9 - i * 3}
            height={3 + i * 3}
            rx={0.75}
          />
        ))}
      </svg>
      <span class="number">{minus(rssi)} dBm</span>
    </span>
  );
}

function minus(value: number): string {
  return String(Math.round(value * 10) / 10).replace("-", "−");
}
