/** The few signs the console uses, drawn on a grid of 16. */

const PATHS = {
  overview: "M2.500 13.500h11M4.500 11V7.500M8 11V3.500M11.500 11V6",
  data: "M2.500 3.500h11v9h-11zM2.500 6.500h11M2.500 9.500h11M6.500 6.500v6",
  review: "M3 8.500l3.200 3.200L13 4.500",
  ask: "M2.500 4.500h11v7H7l-3 2.500v-2.500H2.500z",
  versions:
    "M4.500 3v10M4.500 10.500c5 0 7-1.500 7-4.500M11.500 3.500a1.250 1.250 0 1 0 0 2.500a1.250 1.250 0 1 0 0-2.500",
  operate: "M1.500 8.500h3l2-5 3 9 2-4h3",
  settings: "M3 4.500h10M3 11.500h10M6 3v3M10.500 10v3",
  keys: "M9.500 6.500a3 3 0 1 0-6 0a3 3 0 1 0 6 0M8.800 8.500l4.700 4.500M11 10.700l1.500-1.500",
  plus: "M8 3v10M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  light:
    "M8 5.200a2.800 2.800 0 1 0 0 5.600a2.800 2.800 0 1 0 0-5.600M8 1.500v1M8 13.500v1M1.500 8h1M13.500 8h1M3.400 3.400l.7.7M11.900 11.900l.7.7M12.600 3.400l-.7.7M4.100 11.900l-.7.7",
  dark: "M13 9.500A5.500 5.500 0 0 1 6.500 3a5.500 5.500 0 1 0 6.500 6.500z",
  out: "M6.500 2.500h-4v11h4M6.500 8h7M10.500 5l3 3-3 3",
  help: "M6 6a2 2 0 1 1 2.700 1.900c-.500.200-.7.500-.7 1.100M8 11.700v.1M8 1.700a6.300 6.300 0 1 0 0 12.600a6.300 6.300 0 1 0 0-12.600",
  file: "M4 1.500h5l3 3v10H4zM9 1.500v3h3",
  search: "M11 7a4 4 0 1 0-8 0a4 4 0 1 0 8 0M10 10l3.500 3.500",
  back: "M10 3.500L5.500 8l4.500 4.500",
  list: "M3 4.500h10M3 8h10M3 11.500h10",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.400"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
