import { useEffect, useState, useSyncExternalStore } from 'react';
import type { LiveState } from '../../lib/live/live-connection.ts';
import { t } from '../../lib/messages/translate.ts';
import classes from './live-status.module.css';

/** A short break of the connection is not worth a word. */
const patienceMs = 2_500;

function subscribeOnline(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** The state of the connection, bottom left, only when it is not live. */
export function LiveStatus({ state, onResume }: { readonly state: LiveState; readonly onResume: () => void }) {
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    setLasting(false);
    if (state === 'live') return undefined;
    const timer = setTimeout(() => setLasting(true), patienceMs);
    return () => clearTimeout(timer);
  }, [state]);

  if (online && (state === 'live' || !lasting)) return null;
  return (
    <div className={classes['status']} role="status">
      <span className={classes['dot']} aria-hidden />
      <span>{online ? t(state === 'ended' ? 'live.ended' : 'live.connecting') : t('live.offline')}</span>
      {online && state === 'ended' && (
        <button type="button" className={classes['resume']} onClick={onResume}>
          {t('live.resume')}
        </button>
      )}
    </div>
  );
}
