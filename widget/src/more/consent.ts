import type { Shell } from '../loader/shell.ts';

/** Kept once the visitor agreed, so that nobody is asked twice. */
const ENTRY = 'consent';

/** Whether something may be kept in this browser, and the panel be loaded. */
export interface Consent {
  given(): boolean;
  give(): void;
}

/** The snippet's word goes before the business's; where neither can be had, the visitor is asked. */
export function createConsent({ options, settings, store }: Shell): Consent {
  const rule = (options.consent || settings?.consent || 'ask').toLowerCase();
  return {
    given: () => /^(auto|granted)$/.test(rule) || store.get('')?.[ENTRY] !== undefined,
    give: () => store.put('', ENTRY, 'given'),
  };
}
