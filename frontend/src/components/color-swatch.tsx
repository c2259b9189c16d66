import { Popover } from '@mantine/core';
import { useState } from 'react';
import { t } from '../lib/messages/translate.ts';
import { ColorField } from './color-field.tsx';
import classes from './settings/settings.module.css';

interface ColorSwatchProps {
  /** What has this colour. */
  readonly name: string;
  readonly color: string;
  readonly onChange: (color: string) => void;
}

/** A colour that opens the palette to change it. */
export function ColorSwatch({ name, color, onChange }: ColorSwatchProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} trapFocus width={180} shadow="md" position="bottom-start">
      <Popover.Target>
        <button
          type="button"
          className={classes['swatch']}
          style={{ background: color }}
          aria-label={`${t('common.colour')}: ${name}`}
          onClick={() => setOpen(!open)}
        />
      </Popover.Target>
      <Popover.Dropdown>
        <ColorField
          label={t('common.colour')}
          hideLabel
          value={color}
          onChange={(next) => {
            setOpen(false);
            onChange(next);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
