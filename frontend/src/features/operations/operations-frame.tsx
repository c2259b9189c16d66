import { Button } from '@mantine/core';
import {
  IconArrowLeft,
  IconBolt,
  IconCalendarClock,
  IconListDetails,
  IconMail,
  IconServer,
  IconShieldPause,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { LoadingRows, NotFoundPage } from '../../components/page/page-states.tsx';
import { meQuery } from '../../lib/queries/me.ts';
import { operationsAreLive, queuesQuery } from '../../lib/queries/operations.ts';
import { useStore } from '../../lib/store.ts';
import { useTitle } from '../../lib/use-title.ts';
import classes from './operations.module.css';
import { useOperationsStream } from './use-operations-stream.ts';
import { t } from './translate.ts';

/** The frame around the pages of operations. Whoever does not operate the instance finds nothing here. */
export function OperationsFrame() {
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return <LoadingRows />;
  return me.isOperator ? <Frame /> : <NotFoundPage />;
}

const iconProps = { size: 16, stroke: 1.7, 'aria-hidden': true } as const;

function Frame() {
  useTitle(t('ops.title'));
  useOperationsStream();
  const isLive = useStore(operationsAreLive, (live) => live);
  const { data: queues } = useQuery(queuesQuery);
  const quarantined = (queues?.queues ?? []).reduce((sum, { depth }) => sum + depth.quarantined, 0);
  const tab = { className: classes['tab'], activeOptions: { includeSearch: false } } as const;
  return (
    <div className={classes['frame']}>
      <header className={classes['header']}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-label={t('me.back')}
          renderRoot={(props) => <Link to="/" {...props} />}
        >
          <IconArrowLeft size={16} aria-hidden />
        </Button>
        <h1 className={classes['title']}>{t('ops.title')}</h1>
        <nav className={classes['tabs']} aria-label={t('ops.sections')}>
          <Link to="/operations" className={classes['tab']} activeOptions={{ exact: true, includeSearch: false }}>
            <IconServer {...iconProps} />
            {t('ops.queues')}
          </Link>
          <Link to="/operations/jobs" {...tab}>
            <IconListDetails {...iconProps} />
            {t('ops.jobs')}
          </Link>
          <Link to="/operations/quarantine" {...tab}>
            <IconShieldPause {...iconProps} />
            {t('ops.quarantine')}
            {quarantined > 0 && <span className={classes['count']}>{quarantined}</span>}
          </Link>
          <Link to="/operations/breakers" {...tab}>
            <IconBolt {...iconProps} />
            {t('ops.breakers')}
          </Link>
          <Link to="/operations/schedules" {...tab}>
            <IconCalendarClock {...iconProps} />
            {t('ops.schedules')}
          </Link>
          <Link to="/operations/mail" {...tab}>
            <IconMail {...iconProps} />
            {t('ops.mail')}
          </Link>
        </nav>
        <span className={classes['live']} data-live={isLive || undefined}>
          {isLive ? t('ops.live') : t('ops.notLive')}
        </span>
      </header>
      <Outlet />
    </div>
  );
}
