import { createApp } from 'vue';
import { createCallApi } from './api/call-api.ts';
import { createConsoleApi } from './api/console-api.ts';
import { createHttpClient } from './api/http-client.ts';
import { createRealtimeInspection } from './api/realtime-inspection.ts';
import App from './App.vue';
import { PAGE_CONTEXT } from './composables/page-context.ts';
import { createSession } from './composables/session.ts';
import { followTheme } from './composables/theme.ts';
import { toasts } from './composables/toasts.ts';
import { followLocale, i18n } from './i18n/i18n.ts';
import { createConsoleRouter } from './router.ts';
import './styles/tokens.css';
import './styles/base.css';

/** The composition root: everything that lives as long as the page is made here. */
let reachabilityWatcher: ((reachable: boolean) => void) | null = null;

const http = createHttpClient(window.fetch.bind(window), {
  onReachable: (reachable) => reachabilityWatcher?.(reachable),
  onSignedOut: () => session.expire(),
  onSomebodyElse: () => void session.restore(),
});
const api = createConsoleApi(http);
const session = createSession(api);

followTheme(document.documentElement);
followLocale(document.documentElement);

const app = createApp(App);
app.provide(PAGE_CONTEXT, {
  api,
  calls: createCallApi(http),
  realtime: createRealtimeInspection(http),
  session,
  watchReachability(watcher) {
    reachabilityWatcher = watcher;
  },
});
// A page that outlives an upgrade of the server asks for parts that are not there any more.
window.addEventListener('vite:preloadError', () => toasts.show('error', i18n.global.t('toast.outdated')));
app.use(i18n).use(createConsoleRouter()).mount('#app');
void session.restore();
