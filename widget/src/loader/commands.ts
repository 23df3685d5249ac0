import { asText, readBoot, type BootOptions } from './boot-options.ts';
import { createEmitter } from './site-events.ts';
import { whenParsed } from './page-moments.ts';
import { createWidget, type Widget } from './widget.ts';

/** The one global: a command's name, then its arguments. */
export interface OpenKefu {
  (command: string, ...args: unknown[]): void;
  /** Calls that a snippet's stub took before this script had loaded. */
  q?: ArrayLike<unknown>[];
  /** Set on the real one; tells it from a stub. */
  start?: (options: BootOptions) => void;
}

/**
 * Carries out commands; what needs a widget waits until one is booted and the page has a body.
 * @param scriptHost the origin that served this script
 */
export function createCommands(scriptHost: string): OpenKefu {
  const emitter = createEmitter();
  const waiting: [string, unknown[]][] = [];
  let booted = false;
  let widget: Widget | null = null;

  /** Once a page; a page transition may ask for it again. */
  function start(options: BootOptions): void {
    if (!options.business || !options.host) return emitter.emit('error', { code: 'boot_incomplete' });
    if (booted) return;
    booted = true;
    whenParsed(() => {
      widget = createWidget(options, emitter);
      for (const [command, args] of waiting.splice(0)) openKefu(command, ...args);
    });
  }

  const openKefu: OpenKefu = (command, ...args) => {
    const [first, second] = args;
    if (command === 'boot') return start(readBoot(first, scriptHost));
    if (command === 'on') return emitter.on(asText(first), second);
    if (command === 'off') return emitter.off(asText(first), second);
    if (!widget) return void waiting.push([command, args]);
    if (isCommand(widget, command)) return widget[command](first);
    emitter.emit('error', { code: 'unknown_command' });
  };
  openKefu.start = start;
  return openKefu;
}

function isCommand(widget: Widget, command: string): command is keyof Widget {
  return Object.keys(widget).includes(command);
}
