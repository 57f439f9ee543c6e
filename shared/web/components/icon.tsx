/** `icon`: one line drawing, drawn in the colour of its text; silent for screen readers. */
export interface IconProps {
  /** The drawing, from `lucide-static/icons/….svg`. */
  readonly of: string;
  readonly size?: number;
}

export function Icon({ of, size = 20 }: IconProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={size < 20 ? 2 : 1.75}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      class="icon"
      dangerouslySetInnerHTML={{ __html: of }}
    />
  );
}
