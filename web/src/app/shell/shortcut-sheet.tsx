import { Checkbox } from '@/components/ui/field';
import { Sheet } from '@/components/ui/sheet';
import { setPreferences, usePreferences } from '@/lib/preferences';
import { t } from '@/lib/strings';
import { MOD } from './shortcuts';

const KEYS = [
  [`${MOD}K`, 'palette'],
  ['?', 'sheet'],
  ['g b', 'backtests'],
  ['g s', 'strategies'],
  ['j k', 'rows'],
  ['Enter', 'open'],
  ['x', 'select'],
  ['p', 'privacy'],
  [`${MOD}\\`, 'rail'],
  ['Esc', 'close'],
] as const;

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** All keys, and the switch that rests those of one letter. */
export default function ShortcutSheet(props: Props) {
  const { hasShortcuts } = usePreferences();
  return (
    <Sheet title={t('shortcuts.title')} {...props}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-13">
        {KEYS.map(([keys, action]) => (
          <div key={action} className="contents">
            <dt className="flex gap-1">
              {keys.split(' ').map((key) => (
                <kbd
                  key={key}
                  className="min-w-6 rounded-[4px] border bg-raised px-1.5 text-center font-sans text-12"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-ink-2">{t(`shortcuts.${action}`)}</dd>
          </div>
        ))}
      </dl>
      <Checkbox
        className="mt-4 border-t pt-4"
        label={t('shortcuts.enabled')}
        hint={t('shortcuts.enabledHint')}
        checked={hasShortcuts}
        onValue={(value) => setPreferences({ hasShortcuts: value })}
      />
    </Sheet>
  );
}
