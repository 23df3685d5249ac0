import { asText, readBoot, type BootOptions } from './boot-options.ts';
import { configurationUrl, type LauncherSettings } from './configuration.ts';
import { whenIdle, whenParsed } from './page-moments.ts';
import { includeScript } from './script-tag.ts';
import { createShell, isLeftOpen, type Shell } from './shell.ts';
import { createEmitter } from './site-events.ts';

/** The one global: a command's name, then its arguments. */
export interface OpenKefu {
  (command: string, ...args: unknown[]): void;
  /** Calls that a snippet's stub took before this script had loaded. */
  q?: ArrayLike<unknown>[];
  /** Set on the real one; tells it from a stub. */
  start?: (options: BootOptions) => void;
  /** Called by the script of the business's settings. */
  configure?: (business: string, settings: LauncherSettings) => void;
  /** Called by the second script. */
  more?: (create: CreateWidget) => void;
}

/** The commands of the second script. Each takes what the site gave, whatever that is. */
export type Widget = Record<
  'open' | 'close' | 'toggle' | 'identify' | 'setLocale' | 'setTheme' | 'prefill' | 'send' | 'product' | 'logout',
  (given: unknown) => void
>;
export type CreateWidget = (shell: Shell) => Widget;

const WIDGET = /^(open|close|toggle|identify|setLocale|setTheme|prefill|send|product|logout)$/;
/** What wants the panel shown. */
const OPENING = /^(open|prefill|send)$/;
/** Settings that take longer no longer hold the launcher back. */
const SETTINGS_TIMEOUT_MS = 3000;
/** What has not come by then will not: the visitor gets a link instead. */
const SCRIPT_TIMEOUT_MS = 8000;

/** What the script's own tag says. */
export interface ScriptTag {
  /** The origin that served it; empty where a browser does not tell. */
  host: string;
  nonce: string;
  /** `data-consent`, whichever way the site boots. */
  consent: string;
}

/**
 * Carries out commands. Most need the second script: they wait for it, for the business's settings and for the
 * page's body, and keep their order.
 */
export function createCommands({ host: scriptHost, nonce, consent }: ScriptTag): OpenKefu {
  const emitter = createEmitter();
  let waiting: [string, unknown][] = [];
  let hidden = false;
  let booted: BootOptions | null = null;
  let shell: Shell | null = null;
  let widget: Widget | null = null;
  let create: CreateWidget | null = null;
  let including = false;
  let restoring = false;
  let settled = false;
  let timeout: ReturnType<typeof setTimeout> | undefined;

  /** Once a page; a page transition may ask for it again, and show another product. */
  function start(options: BootOptions): void {
    if (!options.business || !options.host) return emitter.refuse('boot_incomplete', 'boot needs a business_id');
    if (booted) {
      if (options.product) run('product', options.product);
      return;
    }
    const boot = { ...options, consent: options.consent || consent };
    booted = boot;
    whenParsed(() => show(boot));
  }

  function show(options: BootOptions): void {
    shell = createShell(options, emitter, pressed);
    const { launcher, store } = shell;
    const { host } = launcher;
    // Not shown until it is known how, so that nothing of it changes or moves before the visitor's eyes.
    host.style.display = options.legacy ? '' : 'none';
    host.toggleAttribute('hidden', hidden);
    host.addEventListener('pointerenter', include);
    host.addEventListener('focusin', include);
    includeScript(configurationUrl(options.host, options.business), nonce, () => settle(null));
    setTimeout(dress, SETTINGS_TIMEOUT_MS);
    restoring = isLeftOpen(store.get(options.identity.id));
    shell.render({ phase: restoring ? 'loading' : 'closed' });
    if (restoring) {
      giveTime();
      include();
    }
    for (const [command, given] of waiting.splice(0)) run(command, given);
    if (store.get(options.identity.id) || options.identity.hash) whenIdle(include);
    // The visitor opened the chat in another tab: this one keeps in step from now on.
    store.watch(include);
    join();
  }

  function dress(): void {
    if (shell) shell.launcher.host.style.display = '';
  }

  function settle(settings: LauncherSettings | null): void {
    if (!shell || settled) return;
    settled = true;
    shell.settings = settings;
    if (settings) shell.launcher.dress(settings, shell.options.host);
    shell.render({});
    dress();
    if (settings?.proactive.length) whenIdle(include);
    join();
  }

  function include(): void {
    if (including || !shell) return;
    including = true;
    includeScript(`${shell.options.host}/assets/index/kefu_more.js`, nonce, () => {
      including = false;
      giveUp();
    });
  }

  function giveTime(): void {
    clearTimeout(timeout);
    timeout = setTimeout(giveUp, SCRIPT_TIMEOUT_MS);
  }

  function giveUp(): void {
    if (widget || shell?.state.phase !== 'loading') return;
    waiting = waiting.filter(([command]) => !OPENING.test(command));
    // Nobody asked on this page: nobody is told.
    shell.render({ phase: restoring ? 'closed' : 'failed' });
    restoring = false;
    emitter.emit('error', { code: 'panel_unreachable' });
  }

  /** All that the commands need is there. */
  function join(): void {
    if (widget || !shell || !create || !settled) return;
    clearTimeout(timeout);
    if (shell.state.phase === 'loading') shell.render({ phase: 'closed' });
    widget = create(shell);
    for (const [command, given] of waiting.splice(0)) run(command, given);
  }

  function pressed(): void {
    run('toggle', undefined);
  }

  function run(command: string, given: unknown): void {
    if (widget) return widget[command as keyof Widget](given);
    if (!shell) return void waiting.push([command, given]);
    const name = command !== 'toggle' ? command : shell.state.phase === 'loading' ? 'close' : 'open';
    waiting.push([name, given]);
    include();
    if (name === 'close') shell.render({ phase: 'closed' });
    if (!OPENING.test(name)) return;
    restoring = false;
    giveTime();
    shell.render({ phase: 'loading' });
  }

  function call(command: string, first: unknown, second: unknown): void {
    if (command === 'boot') return start(readBoot(first, scriptHost));
    if (command === 'on') return emitter.on(asText(first), second);
    if (command === 'off') return emitter.off(asText(first), second);
    if (/^(show|hide)Launcher$/.test(command)) {
      hidden = command[0] === 'h';
      return void shell?.launcher.host.toggleAttribute('hidden', hidden);
    }
    if (WIDGET.test(command)) return run(command, first);
    emitter.refuse('unknown_command', `there is no command '${command}'`);
  }

  const openKefu: OpenKefu = (command, first, second) => {
    try {
      call(asText(command), first, second);
    } catch (error) {
      // Of what the site handed over, perhaps; it is never told by breaking its page.
      emitter.refuse('bad_argument', `'${String(command)}' failed: ${String(error)}`);
    }
  };
  openKefu.start = start;
  openKefu.configure = (business, settings) => {
    if (business === booted?.business) settle(settings);
  };
  openKefu.more = (given) => {
    create = given;
    join();
  };
  return openKefu;
}
