/** `meter-icon`: the drawing that stands for what a meter measures. */
import droplet from "lucide-static/icons/droplet.svg";
import flame from "lucide-static/icons/flame.svg";
import heater from "lucide-static/icons/heater.svg";
import leak from "lucide-static/icons/droplets.svg";
import shower from "lucide-static/icons/shower-head.svg";
import snowflake from "lucide-static/icons/snowflake.svg";
import thermometer from "lucide-static/icons/thermometer.svg";
import zap from "lucide-static/icons/zap.svg";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import { Icon } from "./icon.tsx";

const drawings = {
  cold_water: droplet,
  hot_water: shower,
  heat: heater,
  cooling: snowflake,
  gas: flame,
  electricity: zap,
  temperature: thermometer,
  leak,
} as const satisfies Record<MeterKindId, string>;

export function MeterIcon({ kind, size = 20 }: { kind: MeterKindId; size?: number }) {
  return <Icon of={drawings[kind]} size={size} />;
}
