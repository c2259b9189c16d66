import type { Label } from '@taskflow/contract/workspaces';
import classes from './label-chip.module.css';

/** A label's or a project's colour. */
export function LabelDot({ color }: { readonly color: string }) {
  return <span className={classes['dot']} style={{ background: color }} aria-hidden />;
}

/** A label as it stands on cards, rows and panels. */
export function LabelChip({ label }: { readonly label: Pick<Label, 'name' | 'color'> }) {
  return (
    <span className={classes['chip']}>
      <LabelDot color={label.color} />
      <span className={classes['name']}>{label.name}</span>
    </span>
  );
}
