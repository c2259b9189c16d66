import { Button } from '@mantine/core';
import { type ReactNode, type SelectHTMLAttributes, useState } from 'react';
import { copyText } from '../../lib/copy-text.ts';
import { t } from '../../lib/messages/translate.ts';
import classes from './settings.module.css';
import { useTitle } from '../../lib/use-title.ts';

interface SettingsPageProps {
  /** Left out where the page has its heading already. */
  readonly title?: string;
  readonly children: ReactNode;
}

/** A page of settings. */
export function SettingsPage({ title, children }: SettingsPageProps) {
  useTitle(title);
  return (
    <div className={classes['page']}>
      {title === undefined ? null : <h1 className={classes['title']}>{title}</h1>}
      {children}
    </div>
  );
}

interface SettingsSectionProps {
  /** Where addresses lead to it, behind a `#`. */
  readonly id?: string;
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}

/** Settings that belong together. */
export function SettingsSection({ id, title, lead, children }: SettingsSectionProps) {
  return (
    <section id={id} className={classes['section']} aria-label={title}>
      <h2 className={classes['sectionTitle']}>{title}</h2>
      {lead === undefined ? null : <p className={classes['lead']}>{lead}</p>}
      <div className={classes['card']}>{children}</div>
    </section>
  );
}

interface SettingsRowProps {
  readonly icon?: ReactNode;
  readonly name: ReactNode;
  readonly note?: ReactNode;
  readonly children?: ReactNode;
}

/** A line of a list of settings: what it is, and what can be done to it. */
export function SettingsRow({ icon, name, note, children }: SettingsRowProps) {
  return (
    <li className={classes['row']}>
      {icon}
      <div className={classes['main']}>
        <div className={classes['name']}>{name}</div>
        {note === undefined ? null : <div className={classes['note']}>{note}</div>}
      </div>
      {children}
    </li>
  );
}

interface ChoiceProps<Value extends string>
  extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: Value;
  readonly options: ReadonlyArray<{ readonly value: Value; readonly name: string }>;
  readonly onChoose: (value: Value) => void;
}

/** A small choice in a line of settings. */
export function Choice<Value extends string>({ label, value, options, onChoose, ...rest }: ChoiceProps<Value>) {
  return (
    <select
      {...rest}
      className={classes['select']}
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => {
        const chosen = options.find((option) => option.value === currentTarget.value);
        if (chosen !== undefined) onChoose(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </select>
  );
}

interface SecretProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly copyLabel: string;
}

/** A secret that is shown once, ready to copy. */
export function Secret({ label, hint, value, copyLabel }: SecretProps) {
  const [copied, setCopied] = useState(false);
  return (
    <div>
      <div className={classes['secret']}>
        <input readOnly aria-label={label} value={value} onFocus={(event) => event.currentTarget.select()} />
        <Button size="xs" onClick={() => void copyText(value).then(setCopied)}>
          {copied ? t('common.copied') : copyLabel}
        </Button>
      </div>
      <p className={classes['foot']}>{hint}</p>
    </div>
  );
}

interface NameFieldProps {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onSave: (name: string) => void;
}

/** A name that is edited in place: Enter or leaving saves, Escape takes it back. */
export function NameField({ label, value, maxLength, onSave }: NameFieldProps) {
  return (
    <input
      key={value}
      className={classes['nameInput']}
      aria-label={label}
      maxLength={maxLength}
      defaultValue={value}
      onBlur={({ currentTarget }) => {
        const name = currentTarget.value.trim();
        if (name === '') currentTarget.value = value;
        else if (name !== value) onSave(name);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          event.currentTarget.value = value;
        }
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

interface DangerRowProps {
  readonly text: string;
  readonly action: string;
  readonly onAction: () => void;
}

/** Something that takes a lot away, with its button. */
export function DangerRow({ text, action, onAction }: DangerRowProps) {
  return (
    <div className={classes['danger']}>
      <p>{text}</p>
      <Button variant="outline" color="red" onClick={onAction}>
        {action}
      </Button>
    </div>
  );
}

/** The classes that forms inside of settings share. */
export const settingsClasses = {
  padded: classes['padded'] ?? '',
  actions: classes['actions'] ?? '',
  foot: classes['foot'] ?? '',
  grow: classes['grow'] ?? '',
  rows: classes['rows'] ?? '',
};
