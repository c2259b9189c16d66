import { useId } from 'react';
import classes from './color-field.module.css';

/** The colours that projects, labels and statuses are offered; each stands out on light and dark. */
export const palette = [
  '#4655d1',
  '#2f9e5b',
  '#d9822b',
  '#d64545',
  '#8e5bd0',
  '#2f7fb8',
  '#c2418f',
  '#1b9aaa',
  '#8a8f98',
  '#a0646a',
] as const;

interface ColorFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (color: string) => void;
  readonly hideLabel?: boolean;
}

/** One colour of the palette; a colour that stands there already stays a choice. */
export function ColorField({ label, value, onChange, hideLabel = false }: ColorFieldProps) {
  const name = useId();
  const colors: readonly string[] = palette.some((color) => color === value) ? palette : [value, ...palette];
  return (
    <fieldset className={classes['fieldset']}>
      <legend className={hideLabel ? 'visually-hidden' : classes['label']}>{label}</legend>
      <div className={classes['colors']}>
        {colors.map((color) => (
          <input
            key={color}
            type="radio"
            name={name}
            className={classes['color']}
            style={{ background: color }}
            aria-label={color}
            checked={color === value}
            onChange={() => onChange(color)}
          />
        ))}
      </div>
    </fieldset>
  );
}
