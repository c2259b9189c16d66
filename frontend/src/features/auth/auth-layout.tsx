import type { ReactNode } from 'react';
import { BrandMark } from '../../components/brand-mark.tsx';
import { t } from '../../lib/messages/translate.ts';
import classes from './auth-layout.module.css';
import { useTitle } from '../../lib/use-title.ts';

interface AuthLayoutProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly problem?: string | undefined;
  readonly children?: ReactNode;
  readonly foot?: ReactNode;
}

/** The card in the middle that signing in, signing up and joining share. */
export function AuthLayout({ title, lead, problem, children, foot }: AuthLayoutProps) {
  useTitle(title);
  return (
    <main className={classes['page']}>
      <div className={classes['card']}>
        <div className={classes['brand']}>
          <BrandMark />
          {t('app.name')}
        </div>
        <h1 className={classes['title']}>{title}</h1>
        {lead === undefined ? null : <p className={classes['lead']}>{lead}</p>}
        {problem === undefined ? null : (
          <p className={classes['problem']} role="alert">
            {problem}
          </p>
        )}
        {children}
        {foot === undefined ? null : <p className={classes['foot']}>{foot}</p>}
      </div>
    </main>
  );
}
