/** A waiting time in words: "1 second", "40 seconds", "5 minutes", "2 hours". Always rounded up. */
export function durationText(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole <= 90) {
    return counted(whole, 'second');
  }
  const minutes = Math.ceil(whole / 60);
  return minutes <= 90 ? counted(minutes, 'minute') : counted(Math.ceil(minutes / 60), 'hour');
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;
