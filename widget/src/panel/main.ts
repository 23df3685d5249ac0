import { createApp } from 'vue';
import App from './App.vue';
import { createFrameHost } from './host/frame-host.ts';
import type { Host } from './host/host.ts';
import './styles/tokens.css';
import './styles/base.css';

const business = new URLSearchParams(location.search).get('business_id') ?? '';
/** Our loader names its page's origin in the fragment; without it the panel has a tab of its own. */
const origin = location.hash.slice(1);
const framed = window.parent !== window && origin !== '';

function start(host: Host): void {
  createApp(App, { host }).mount('#app');
}

if (framed) start(createFrameHost(decodeURIComponent(origin)));
else void import('./host/tab-host.ts').then(({ createTabHost }) => start(createTabHost(business)));
