import { IconArrowsSort, IconFilter, IconLayersSubtract, IconSearch, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type MouseEvent, useEffect, useState } from 'react';
import { t } from '../../lib/messages/translate.ts';
import { type Grouping, groupings, parseViewSearch, type ViewSearch } from '../../lib/tasks/filter.ts';
import { type TaskOrder, taskOrders } from '../../lib/tasks/order.ts';
import { useViewSearch } from '../../lib/tasks/use-view-tasks.ts';
import { openPicker } from '../picker/picker-store.ts';
import classes from './project-header.module.css';
import { type FilterField, filterFields, useFilterFields } from './use-filter-fields.tsx';

/** How long the filter waits for the next letter before it looks. */
const typingPauseMs = 250;

/** Changes what the address says about the view. */
function useChangeView() {
  const navigate = useNavigate();
  return (change: Partial<Record<keyof ViewSearch, readonly string[] | string | undefined>>) =>
    void navigate({
      to: '.',
      search: (search) => ({ ...search, ...parseViewSearch({ ...search, ...change }) }),
      replace: true,
    });
}

/** The filter as removable chips, and for lists how they are grouped and sorted. */
export function FilterBar({ withDisplay }: { readonly withDisplay: boolean }) {
  const search = useViewSearch();
  const options = useFilterFields();
  const change = useChangeView();
  const set = filterFields.filter((field) => search[field] !== undefined);

  const pick = (anchor: HTMLElement, field: FilterField) =>
    openPicker(anchor, {
      kind: 'many',
      label: t(`filter.${field}`),
      options: options[field],
      value: search[field] ?? [],
      onPick: (ids) => change({ [field]: ids }),
    });
  const add = ({ currentTarget }: MouseEvent<HTMLElement>) =>
    openPicker(currentTarget, {
      kind: 'one',
      label: t('filter.field'),
      options: filterFields.map((field) => ({ id: field, label: t(`filter.${field}`) })),
      onPick: (id) => {
        const field = filterFields.find((other) => other === id);
        if (field !== undefined) pick(currentTarget, field);
      },
    });

  return (
    <div className={classes['bar']}>
      <TextFilter text={search.q ?? ''} onChange={(q) => change({ q })} />
      <button type="button" className={classes['quiet']} onClick={add}>
        <IconFilter size={14} stroke={1.8} aria-hidden />
        {t('filter.add')}
      </button>
      {set.map((field) => (
        <Chip
          key={field}
          field={field}
          values={(search[field] ?? []).map((id) => options[field].find((option) => option.id === id)?.label ?? id)}
          onEdit={(anchor) => pick(anchor, field)}
          onRemove={() => change({ [field]: [] })}
        />
      ))}
      {set.length > 1 && (
        <button
          type="button"
          className={classes['quiet']}
          onClick={() => change({ status: [], assignee: [], priority: [], label: [], due: [], q: '' })}
        >
          {t('filter.clear')}
        </button>
      )}
      <span className={classes['space']} />
      {withDisplay && <Display search={search} onChange={change} />}
    </div>
  );
}

interface ChipProps {
  readonly field: FilterField;
  readonly values: readonly string[];
  readonly onEdit: (anchor: HTMLElement) => void;
  readonly onRemove: () => void;
}

function Chip({ field, values, onEdit, onRemove }: ChipProps) {
  const name = t(`filter.${field}`);
  const verb = t(values.length === 1 ? 'filter.is' : 'filter.isAnyOf');
  return (
    <span className={classes['chip']}>
      <button type="button" className={classes['chipText']} onClick={(event) => onEdit(event.currentTarget)}>
        {name} <span className={classes['verb']}>{verb}</span> <strong>{values.join(', ')}</strong>
      </button>
      <button
        type="button"
        className={classes['chipRemove']}
        aria-label={t('filter.remove', { filter: `${name} ${verb} ${values.join(', ')}` })}
        onClick={onRemove}
      >
        <IconX size={13} aria-hidden />
      </button>
    </span>
  );
}

function TextFilter({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  const [draft, setDraft] = useState(text);
  useEffect(() => setDraft(text), [text]);
  useEffect(() => {
    if (draft.trim() === text) return undefined;
    const timer = setTimeout(() => onChange(draft), typingPauseMs);
    return () => clearTimeout(timer);
    // Only the draft starts the clock; `onChange` is new with every drawing.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [draft, text]);
  return (
    <label className={classes['search']}>
      <IconSearch size={14} stroke={1.8} aria-hidden />
      <input
        type="search"
        aria-label={t('filter.text')}
        placeholder={t('filter.text')}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
    </label>
  );
}

interface DisplayProps {
  readonly search: ViewSearch;
  readonly onChange: (change: { readonly group?: Grouping; readonly sort?: TaskOrder }) => void;
}

function Display({ search, onChange }: DisplayProps) {
  const group = search.group ?? 'status';
  const sort = search.sort ?? 'rank';
  const pickGroup = ({ currentTarget }: MouseEvent<HTMLElement>) =>
    openPicker(currentTarget, {
      kind: 'one',
      label: t('view.group'),
      options: groupings.map((id) => ({ id, label: t(`group.${id}`) })),
      value: group,
      onPick: (id) => onChange({ group: groupings.find((other) => other === id) ?? 'status' }),
    });
  const pickSort = ({ currentTarget }: MouseEvent<HTMLElement>) =>
    openPicker(currentTarget, {
      kind: 'one',
      label: t('view.sort'),
      options: taskOrders.map((id) => ({ id, label: t(`sort.${id}`) })),
      value: sort,
      onPick: (id) => onChange({ sort: taskOrders.find((other) => other === id) ?? 'rank' }),
    });
  return (
    <>
      <button type="button" className={classes['quiet']} onClick={pickGroup}>
        <IconLayersSubtract size={14} stroke={1.8} aria-hidden />
        {group === 'none' ? t('group.none') : t('view.groupBy', { field: t(`group.${group}`).toLowerCase() })}
      </button>
      <button type="button" className={classes['quiet']} onClick={pickSort}>
        <IconArrowsSort size={14} stroke={1.8} aria-hidden />
        {t('view.sortBy', { field: t(`sort.${sort}`).toLowerCase() })}
      </button>
    </>
  );
}
