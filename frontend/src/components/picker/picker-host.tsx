import { Popover } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { t } from '../../lib/messages/translate.ts';
import { useStore } from '../../lib/store.ts';
import { useNow } from '../../lib/use-now.ts';
import { DatePicker } from './date-picker.tsx';
import { OptionList } from './option-list.tsx';
import classes from './picker.module.css';
import { type OpenPicker, type PickerRequest, pickerStore } from './picker-store.ts';
import { AssigneePicker, LabelPicker, PriorityPicker, StatusPicker } from './task-pickers.tsx';

/** Draws the one open picker of the page beside its anchor; the frame has it once. */
export function PickerHost() {
  const open = useStore(pickerStore, (picker) => picker);
  return open === undefined ? null : <OpenedPicker key={keyOf(open)} open={open} />;
}

let counter = 0;
const keys = new WeakMap<OpenPicker, number>();
function keyOf(open: OpenPicker): number {
  const known = keys.get(open);
  if (known !== undefined) return known;
  counter += 1;
  keys.set(open, counter);
  return counter;
}

function OpenedPicker({ open }: { readonly open: OpenPicker }) {
  const { anchor, request } = open;
  const chosen = useRef<readonly string[] | undefined>(undefined);
  const [rect] = useState(() => anchor.getBoundingClientRect());
  const close = () => {
    if (pickerStore.get() !== open) return;
    pickerStore.set(undefined);
    const ids = chosen.current;
    if (ids !== undefined && 'value' in request && Array.isArray(request.value)) hand(request, ids);
    anchor.focus({ preventScroll: true });
  };

  useEffect(() => {
    const onResize = () => pickerStore.set(undefined);
    addEventListener('resize', onResize);
    return () => removeEventListener('resize', onResize);
  }, []);

  return (
    <Popover
      opened
      onChange={(stays) => {
        if (!stays) close();
      }}
      onDismiss={close}
      position="bottom-start"
      offset={4}
      width={request.kind === 'date' ? 264 : 248}
      shadow="none"
      trapFocus
      zIndex={400}
      transitionProps={{ duration: 80, transition: 'fade' }}
      classNames={{ dropdown: classes['dropdown'] ?? '' }}
    >
      <Popover.Target>
        <span
          className={classes['anchor']}
          style={{ left: rect.left, top: rect.top, width: rect.width, height: Math.min(rect.height, 320) }}
        />
      </Popover.Target>
      <Popover.Dropdown aria-label={labelOf(request)}>
        <Content
          request={request}
          close={close}
          onChange={(ids) => {
            chosen.current = ids;
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function hand(request: PickerRequest, ids: readonly string[]): void {
  if (request.kind === 'assignees' || request.kind === 'labels' || request.kind === 'many') request.onPick([...ids]);
}

function labelOf(request: PickerRequest): string {
  if (request.kind === 'date') return t(`picker.${request.field}`);
  if (request.kind === 'one' || request.kind === 'many') return request.label;
  return t(`picker.${request.kind}`);
}

interface ContentProps {
  readonly request: PickerRequest;
  readonly close: () => void;
  readonly onChange: (ids: readonly string[]) => void;
}

function Content({ request, close, onChange }: ContentProps) {
  const now = useNow();
  const label = labelOf(request);
  const [ids, setIds] = useState<readonly string[]>(() =>
    request.kind === 'assignees' || request.kind === 'labels' || request.kind === 'many' ? request.value : [],
  );
  const change = (next: readonly string[]) => {
    setIds(next);
    onChange(next);
  };
  const many = { label, selected: ids, onChange: change, onClose: close };

  switch (request.kind) {
    case 'status':
      return <StatusPicker request={request} label={label} onClose={close} />;
    case 'priority':
      return <PriorityPicker request={request} label={label} onClose={close} />;
    case 'assignees':
      return <AssigneePicker projectId={request.projectId} {...many} />;
    case 'labels':
      return <LabelPicker {...many} />;
    case 'date':
      return (
        <DatePicker
          label={label}
          value={request.value}
          now={now}
          onPick={(instant) => {
            request.onPick(instant);
            close();
          }}
        />
      );
    case 'one':
      return (
        <OptionList
          label={label}
          options={request.options}
          selected={request.value === undefined ? [] : [request.value]}
          onClose={close}
          onChoose={(id) => {
            // First close, because the choice may open the next picker.
            close();
            request.onPick(id);
          }}
        />
      );
    case 'many':
      return (
        <OptionList
          label={label}
          options={request.options}
          selected={ids}
          multiple
          onClose={close}
          onChoose={(id) => change(toggled(ids, id))}
        />
      );
  }
}

function toggled(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}
