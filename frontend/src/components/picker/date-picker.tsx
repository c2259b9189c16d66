import { IconCalendar, IconCalendarOff, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { addDays, daysBetween } from '../../lib/dates/day.ts';
import { formatDay } from '../../lib/dates/format.ts';
import { endOfDay, parseDate } from '../../lib/dates/parse-date.ts';
import { t } from '../../lib/messages/translate.ts';
import classes from './picker.module.css';
import { locale } from '../../lib/locale.ts';

interface DatePickerProps {
  readonly label: string;
  readonly value: string | null;
  readonly onPick: (instant: string | null) => void;
  readonly now: Date;
}

/** A date by words ("fri", "in 2 weeks"), by a usual choice, or from the month. */
export function DatePicker({ label, value, onPick, now }: DatePickerProps) {
  const [text, setText] = useState('');
  const understood = parseDate(text, now);
  const nextMonday = addDays(now, (8 - now.getDay()) % 7 || 7);
  const usual = [
    { name: t('picker.today'), date: endOfDay(now) },
    { name: t('picker.tomorrow'), date: endOfDay(addDays(now, 1)) },
    { name: t('picker.nextWeek'), date: endOfDay(nextMonday) },
  ];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (understood !== undefined) onPick(understood.toISOString());
  };

  return (
    <>
      <input
        className={classes['search']}
        aria-label={label}
        data-autofocus
        data-mantine-stop-propagation="true"
        placeholder={t('picker.dateHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className={classes['dates']}>
        {text.trim() === '' ? (
          <>
            {usual.map(({ name, date }) => (
              <Choice key={name} name={name} hint={weekday.format(date)} onChoose={() => onPick(date.toISOString())} />
            ))}
            {value !== null && (
              <Choice name={t('picker.clearDate')} icon={<IconCalendarOff size={16} />} onChoose={() => onPick(null)} />
            )}
          </>
        ) : (
          <Understood date={understood} now={now} onPick={onPick} />
        )}
      </div>
      <Month value={value} now={now} onPick={(date) => onPick(date.toISOString())} />
    </>
  );
}

const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' });

interface UnderstoodProps {
  readonly date: Date | undefined;
  readonly now: Date;
  readonly onPick: (instant: string) => void;
}

function Understood({ date, now, onPick }: UnderstoodProps) {
  if (date === undefined) return <p className={classes['nothing']}>{t('picker.dateUnknown')}</p>;
  const instant = date.toISOString();
  return <Choice name={formatDay(instant, now)} hint={weekday.format(date)} onChoose={() => onPick(instant)} />;
}

interface ChoiceProps {
  readonly name: string;
  readonly hint?: string;
  readonly icon?: ReactNode;
  readonly onChoose: () => void;
}

function Choice({ name, hint, icon = <IconCalendar size={16} stroke={1.7} />, onChoose }: ChoiceProps) {
  return (
    <button type="button" className={`${classes['option']} ${classes['choice']}`} onClick={onChoose}>
      <span className={classes['icon']}>{icon}</span>
      {name}
      {hint === undefined ? null : <span className={classes['when']}>{hint}</span>}
    </button>
  );
}

interface MonthProps {
  readonly value: string | null;
  readonly now: Date;
  readonly onPick: (date: Date) => void;
}

const monthName = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
const weekdayLetter = new Intl.DateTimeFormat(locale, { weekday: 'narrow' });
const fullDay = new Intl.DateTimeFormat(locale, { dateStyle: 'full' });

function Month({ value, now, onPick }: MonthProps) {
  const chosen = value === null ? undefined : new Date(value);
  const [shown, setShown] = useState(() => firstOfMonth(chosen ?? now));
  const firstCell = addDays(shown, -((shown.getDay() + 6) % 7));
  const cells = Array.from({ length: 42 }, (_, index) => addDays(firstCell, index));
  const turn = (months: number) => setShown(new Date(shown.getFullYear(), shown.getMonth() + months, 1));

  return (
    <div className={classes['month']}>
      <div className={classes['monthHead']}>
        <span aria-live="polite">{monthName.format(shown)}</span>
        <span>
          <button
            type="button"
            className={classes['monthNav']}
            aria-label={t('picker.previousMonth')}
            onClick={() => turn(-1)}
          >
            <IconChevronLeft size={16} />
          </button>
          <button
            type="button"
            className={classes['monthNav']}
            aria-label={t('picker.nextMonth')}
            onClick={() => turn(1)}
          >
            <IconChevronRight size={16} />
          </button>
        </span>
      </div>
      <div className={classes['days']}>
        {cells.slice(0, 7).map((day) => (
          <span key={day.getDay()} className={classes['weekday']} aria-hidden>
            {weekdayLetter.format(day)}
          </span>
        ))}
        {cells.map((day) => (
          <button
            key={day.toDateString()}
            type="button"
            className={classes['day']}
            aria-label={fullDay.format(day)}
            aria-pressed={chosen !== undefined && daysBetween(day, chosen) === 0}
            data-today={daysBetween(now, day) === 0 || undefined}
            data-chosen={(chosen !== undefined && daysBetween(day, chosen) === 0) || undefined}
            data-outside={day.getMonth() !== shown.getMonth() || undefined}
            onClick={() => onPick(endOfDay(day))}
          >
            {day.getDate()}
          </button>
        ))}
      </div>
    </div>
  );
}

const firstOfMonth = (date: Date) => new Date(date.getFullYear(), date.getMonth(), 1);
