import { Modal } from '@mantine/core';
import { IconHome, IconSearch, IconUserCheck } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import type { Answer } from '@taskflow/contract/api';
import dialogClasses from '../../components/dialog.module.css';
import { LabelDot } from '../../components/task/label-chip.tsx';
import { call } from '../../lib/api/client.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { takeTyped } from '../../lib/type-ahead.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './search-dialog.module.css';

type Hit = Answer<'GET /workspaces/{id}/search'>['items'][number];

interface Entry {
  readonly id: string;
  readonly lead: ReactNode;
  readonly text: ReactNode;
  readonly open: () => void;
}

/** Finds tasks, comments and projects of the workspace, and leads to its pages. */
export function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState(takeTyped);
  const { entries, note } = useEntries(useDeferredValue(text.trim()), onClose);
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const current = Math.min(active, entries.length - 1);
  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((current + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') entries[current]?.open();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={600}
      yOffset="10vh"
      zIndex={300}
      aria-label={t('search.title')}
      overlayProps={{ backgroundOpacity: 0.35 }}
      transitionProps={{ duration: 100, transition: 'fade' }}
      classNames={{ content: dialogClasses['content'] ?? '' }}
    >
      <div className={classes['field']}>
        <IconSearch size={18} aria-hidden />
        <input
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={entries[current] === undefined ? undefined : `${listId}-${current}`}
          aria-label={t('search.title')}
          placeholder={t('search.placeholder')}
          data-autofocus
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label={t('search.results')} className={classes['list']}>
        {entries.map((entry, index) => (
          // The focus stays in the field above; keys are handled there.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={entry.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === current}
            data-active={index === current || undefined}
            className={classes['hit']}
            onMouseMove={() => setActive(index)}
            onClick={entry.open}
          >
            <span className={classes['key']}>{entry.lead}</span>
            <span className={classes['text']}>{entry.text}</span>
          </div>
        ))}
        {note !== undefined && <p className={classes['note']}>{note}</p>}
      </div>
    </Modal>
  );
}

function useEntries(text: string, onClose: () => void): { entries: readonly Entry[]; note: string | undefined } {
  const { workspace, projects } = useWorkspaceScope();
  const navigate = useNavigate();
  const params = { workspace: workspace.slug };
  const search = useQuery({
    queryKey: ['search', workspace.id, text],
    queryFn: ({ signal }) =>
      call('GET /workspaces/{id}/search', { params: { id: workspace.id }, query: { q: text }, signal }),
    enabled: text.length > 1,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const going = (go: () => Promise<void>) => () => {
    onClose();
    void go();
  };
  if (text.length <= 1) {
    const toProject = projects
      .filter((project) => project.name.toLowerCase().includes(text.toLowerCase()))
      .map((project) => ({
        id: project.id,
        lead: <LabelDot color={project.color} />,
        text: project.name,
        open: going(() => navigate({ to: '/w/$workspace/p/$key/board', params: { ...params, key: project.key } })),
      }));
    const pages = [
      {
        id: 'home',
        lead: <IconHome size={16} />,
        text: t('nav.home'),
        open: going(() => navigate({ to: '/w/$workspace', params })),
      },
      {
        id: 'my',
        lead: <IconUserCheck size={16} />,
        text: t('nav.myTasks'),
        open: going(() => navigate({ to: '/w/$workspace/my', params })),
      },
    ];
    return { entries: text === '' ? [...pages, ...toProject] : toProject, note: t('search.hint') };
  }
  if (search.error !== null) return { entries: [], note: problemText(search.error) };
  const openHit = (hit: Hit) =>
    hit.kind === 'project'
      ? navigate({ to: '/w/$workspace/p/$key/board', params: { ...params, key: hit.key } })
      : navigate({ to: '.', search: (previous) => ({ ...previous, task: hit.key }) });
  const entries = (search.data?.items ?? []).map((hit) => ({
    id: `${hit.kind}-${hit.id}`,
    lead: hit.key,
    text: <HitText hit={hit} />,
    open: going(() => openHit(hit)),
  }));
  return { entries, note: entries.length === 0 && !search.isPending ? t('search.empty', { text }) : undefined };
}

function HitText({ hit }: { readonly hit: Hit }) {
  return (
    <>
      <Segments of={hit.title} />
      {hit.excerpt.length > 0 && (
        <span className={classes['excerpt']}>
          {hit.kind === 'comment' && `${t('search.inComment')}: `}
          <Segments of={hit.excerpt} />
        </span>
      )}
    </>
  );
}

function Segments({ of }: { readonly of: Hit['title'] }) {
  let position = 0;
  return of.map(({ text, match }) => {
    position += text.length;
    return match ? <mark key={position}>{text}</mark> : <span key={position}>{text}</span>;
  });
}
