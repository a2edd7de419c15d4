import i18next from 'i18next';
import { en } from './en';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: { app: typeof en };
  }
}

/** The one catalogue of what the app says. Another language is another file like `en.ts`. */
i18next.init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'app',
  ns: ['app'],
  resources: { en: { app: en } },
  interpolation: { escapeValue: false }, // React escapes.
  initAsync: false,
});

export const t = i18next.t;
