import { IconCheck } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { t } from '../../lib/messages/translate.ts';
import classes from './picker.module.css';
import type { PickerOption } from './picker-store.ts';

interface OptionListProps {
  readonly label: string;
  readonly options: readonly PickerOption[];
  readonly selected: readonly string[];
  readonly multiple?: boolean;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
  /** Offers to make what was typed, when nothing is called exactly so. */
  readonly create?: { readonly label: (text: string) => string; readonly onCreate: (text: string) => void };
}

const createId = 'create';

/** A list to choose from: type to narrow it, arrows to walk, Enter to choose (WAI-ARIA combobox with a listbox). */
export function OptionList({ label, options, selected, multiple = false, onChoose, onClose, create }: OptionListProps) {
  const listId = useId();
  const listRef = useRef<HTMLDivElement>(null);
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const matching = options.filter((option) => option.label.toLowerCase().includes(wanted));
  const creatable =
    create !== undefined && wanted !== '' && !options.some((option) => option.label.toLowerCase() === wanted);
  const shown: readonly PickerOption[] = creatable
    ? [...matching, { id: createId, label: create.label(text.trim()) }]
    : matching;
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      options.findIndex((option) => option.id === selected[0]),
    ),
  );
  const current = Math.min(active, shown.length - 1);

  useEffect(() => {
    listRef.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const choose = (option: PickerOption | undefined) => {
    if (option === undefined) return;
    if (creatable && option.id === createId) create.onCreate(text.trim());
    else onChoose(option.id);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((current + step + shown.length) % Math.max(1, shown.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(shown[current]);
    } else if (event.key === 'Tab') onClose();
  };

  return (
    <>
      <input
        className={classes['search']}
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={shown[current] === undefined ? undefined : `${listId}-${current}`}
        data-mantine-stop-propagation="true"
        data-autofocus
        placeholder={label}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={listId}
        ref={listRef}
        role="listbox"
        aria-label={label}
        aria-multiselectable={multiple}
        className={classes['list']}
      >
        {shown.map((option, index) => (
          // The focus stays in the field above; keys are handled there.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={option.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={selected.includes(option.id)}
            data-active={index === current || undefined}
            className={classes['option']}
            onMouseMove={() => setActive(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            {option.icon === undefined ? null : <span className={classes['icon']}>{option.icon}</span>}
            <span className={classes['optionLabel']}>{option.label}</span>
            {selected.includes(option.id) && <IconCheck size={15} stroke={2.2} aria-hidden />}
          </div>
        ))}
        {shown.length === 0 && <p className={classes['nothing']}>{t('picker.nothing')}</p>}
      </div>
    </>
  );
}
