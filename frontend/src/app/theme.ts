import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
} from '@mantine/core';

const iris: MantineColorsTuple = [
  '#f0f1fe',
  '#dfe2fb',
  '#c1c7f6',
  '#a4adf8',
  '#8490ec',
  '#6f7de6',
  '#5f6de4',
  '#4655d1',
  '#3a48b8',
  '#2f3b98',
];

/** The look of the component library, on the tokens of `styles/tokens.css`. */
export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 7, dark: 7 },
  colors: { iris },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** Keeps the person's choice of light, dark or the system's under the name that `public/theme.js` reads. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'taskflow-color-scheme' });

const onTokens = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-2)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-default-border': 'var(--border-strong)',
  '--mantine-color-error': 'var(--danger)',
  '--mantine-color-default': 'var(--bg-field)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-anchor': 'var(--accent-text)',
};

/** Lets the component library speak through the tokens, in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: onTokens, dark: onTokens });
