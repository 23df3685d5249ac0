import vue from '@vitejs/plugin-vue';
import { cpSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

/** What lies in `public/` is served beside the loader (`/assets/images/…`), one folder above the panel. */
function publicFilesBesideLoader(): Plugin {
  let target = '';
  return {
    name: 'public-files-beside-loader',
    apply: 'build',
    configResolved(config) {
      target = dirname(resolve(config.root, config.build.outDir));
    },
    writeBundle() {
      cpSync(join(here, 'public'), target, { recursive: true });
    },
  };
}

/** The panel: a page of its own at `/widget/panel/`, shown in a frame. */
export default defineConfig({
  root: join(here, 'src/panel'),
  base: '/widget/panel/',
  publicDir: false,
  plugins: [vue(), publicFilesBesideLoader()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  build: {
    outDir: join(here, 'dist/panel'),
    emptyOutDir: true,
    target: 'es2022',
    // Its page forbids inline data.
    assetsInlineLimit: 0,
    // Says which file was made of which source; the size budgets go by it.
    manifest: true,
    modulePreload: { polyfill: false },
  },
});
