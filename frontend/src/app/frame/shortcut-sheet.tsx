import { Dialog } from '../../components/dialog.tsx';
import { t } from '../../lib/messages/translate.ts';
import classes from './shortcut-sheet.module.css';

const groups = [
  {
    title: t('shortcuts.general'),
    rows: [
      { name: t('shortcuts.newTask'), keys: ['C'] },
      { name: t('shortcuts.search'), keys: ['/'] },
      { name: t('shortcuts.help'), keys: ['?'] },
      { name: t('shortcuts.close'), keys: ['Esc'] },
    ],
  },
  {
    title: t('shortcuts.onTask'),
    rows: [
      { name: t('shortcuts.status'), keys: ['S'] },
      { name: t('shortcuts.priority'), keys: ['P'] },
      { name: t('shortcuts.assignee'), keys: ['A'] },
      { name: t('shortcuts.due'), keys: ['D'] },
      { name: t('shortcuts.labels'), keys: ['L'] },
      { name: t('shortcuts.comment'), keys: ['M'] },
      { name: t('shortcuts.open'), keys: ['Enter'] },
    ],
  },
  {
    title: t('shortcuts.board'),
    rows: [
      { name: t('shortcuts.lift'), keys: ['Space'] },
      { name: t('shortcuts.arrows'), keys: ['←', '↑', '↓', '→'] },
    ],
  },
];

/** Every key, on one sheet. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose} size={640}>
      <div className={classes['columns']}>
        {groups.map(({ title, rows }) => (
          <section key={title}>
            <h3 className={classes['head']}>{title}</h3>
            {rows.map(({ name, keys }) => (
              <div key={name} className={classes['row']}>
                {name}
                <span className={classes['keys']}>
                  {keys.map((key) => (
                    <kbd key={key} className={classes['key']}>
                      {key}
                    </kbd>
                  ))}
                </span>
              </div>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
