import vue from '@vitejs/plugin-vue';
import { defineConfig, loadEnv } from 'vite';

const here = import.meta.dirname;

/** The console is served by web-app under `/console/`; in development Vite serves it and passes the rest on. */
export default defineConfig(({ mode }) => {
  const target = loadEnv(mode, here, 'WEB_')['WEB_URL'] ?? 'http://127.0.0.1:3000';
  return {
    root: here,
    base: '/console/',
    plugins: [vue()],
    define: {
      __VUE_OPTIONS_API__: false,
      __VUE_I18N_LEGACY_API__: false,
      __VUE_I18N_FULL_INSTALL__: false,
      __INTLIFY_PROD_DEVTOOLS__: false,
      __INTLIFY_DROP_MESSAGE_COMPILER__: false,
    },
    build: {
      outDir: '../dist/console',
      emptyOutDir: true,
      // The page's Content-Security-Policy allows scripts and styles from files only.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    server: {
      host: '127.0.0.1',
      proxy: { '/api': target, '/pusher': target },
    },
  };
});
