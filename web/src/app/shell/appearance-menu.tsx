import { EyeOff, Keyboard, SunMoon } from 'lucide-react';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@/components/ui/menu';
import {
  type Density,
  type Palette,
  setPreferences,
  type Theme,
  usePreferences,
} from '@/lib/preferences';
import { t } from '@/lib/strings';

const THEMES: Theme[] = ['system', 'light', 'dark'];
const PALETTES: Palette[] = ['classic', 'cvd', 'red-up', 'mono'];
const DENSITIES: Density[] = ['s', 'm', 'l'];

/** Theme, palette and density, which know nothing of each other. */
export default function AppearanceMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { theme, palette, density, isPrivate } = usePreferences();
  return (
    <Menu label={t('appearance.title')} icon={<SunMoon />}>
      <MenuChoice
        label={t('appearance.theme')}
        value={theme}
        options={THEMES.map((value) => ({ value, label: t(`appearance.themes.${value}`) }))}
        onValue={(value) => setPreferences({ theme: value })}
      />
      <MenuSeparator />
      <MenuChoice
        label={t('appearance.palette')}
        value={palette}
        options={PALETTES.map((value) => ({ value, label: t(`appearance.palettes.${value}`) }))}
        onValue={(value) => setPreferences({ palette: value })}
      />
      <MenuSeparator />
      <MenuChoice
        label={t('appearance.density')}
        value={density}
        options={DENSITIES.map((value) => ({ value, label: t(`appearance.densities.${value}`) }))}
        onValue={(value) => setPreferences({ density: value })}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => setPreferences({ isPrivate: !isPrivate })}>
        <EyeOff /> {isPrivate ? t('shell.privacyOff') : t('shell.privacyOn')}
      </MenuItem>
      <MenuItem onSelect={onShortcuts}>
        <Keyboard /> {t('shortcuts.title')}
      </MenuItem>
    </Menu>
  );
}
