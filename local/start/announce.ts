/** Draws a box around lines, so that what matters stands out of the logs. */
export function drawBox(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const edge = '─'.repeat(width + 4);
  const body = lines.map((line) => `│  ${line.padEnd(width)}  │`);
  return `\n╭${edge}╮\n${body.join('\n')}\n╰${edge}╯\n\n`;
}

/** `0.4 s`. */
export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
