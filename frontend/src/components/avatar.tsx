import { IconUser } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import { t } from '../lib/messages/translate.ts';
import { useWorkspaceScope } from '../lib/workspace-scope.ts';
import classes from './avatar.module.css';

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words.at(-1) : undefined;
  return `${[...(words[0] ?? '')][0] ?? ''}${[...(last ?? '')][0] ?? ''}`.toUpperCase();
}

/** Hues (of OKLCH) that are easy to tell apart. */
const hues = [25, 230, 290, 355, 185, 262, 320, 150, 60, 205];

/** The hue that stays with an id. */
function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 9_973;
  return hues[hash % hues.length] ?? 226;
}

interface AvatarProps {
  readonly userId: string;
  readonly name: string;
  readonly size?: number;
}

/** A person as initials in their colour; the name is for whoever stands beside it to say. */
export function Avatar({ userId, name, size = 20 }: AvatarProps) {
  const style: CSSProperties & Record<'--size' | '--hue', string> = {
    '--size': `${size}px`,
    '--hue': `${hueOf(userId)}`,
  };
  return (
    <span className={classes['avatar']} style={style} title={name} aria-hidden>
      {initialsOf(name)}
    </span>
  );
}

interface AvatarStackProps {
  readonly userIds: readonly string[];
  readonly size?: number;
}

/** The people of a task, three at most, or a dashed place for one. */
export function AvatarStack({ userIds, size = 20 }: AvatarStackProps) {
  const { memberById } = useWorkspaceScope();
  const nameOf = (userId: string) => memberById.get(userId)?.name ?? t('common.unknownPerson');
  if (userIds.length === 0) {
    const style: CSSProperties & Record<'--size', string> = { '--size': `${size}px` };
    return (
      <span className={`${classes['avatar']} ${classes['nobody']}`} style={style} aria-hidden>
        <IconUser size={size * 0.6} stroke={2} />
      </span>
    );
  }
  return (
    <span className={classes['stack']}>
      {userIds.slice(0, 3).map((userId) => (
        <Avatar key={userId} userId={userId} name={nameOf(userId)} size={size} />
      ))}
    </span>
  );
}
