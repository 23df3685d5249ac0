import type { CallView } from '../../../../widget/src/calls/call-types.ts';

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** How a call stands, in a sentence. */
export function callStatus(t: Translate, { phase, kind, name, interrupted, ending }: CallView): string {
  switch (phase) {
    case 'preparing':
    case 'answering':
      return kind === 'video' ? t('calling.preparingVideo') : t('calling.preparing');
    case 'ringing':
      return t('calling.ringing', { name });
    case 'incoming':
      return kind === 'video' ? t('calling.incomingVideo', { name }) : t('calling.incoming', { name });
    case 'connecting':
      return t('calling.connecting');
    case 'connected':
      return interrupted ? t('calling.interrupted') : t('calling.connected', { name });
    case 'over':
      return t(`callEnding.${ending ?? 'ended'}`);
    default:
      return phase satisfies never;
  }
}

/** What of the other side's is off; empty when all is on. */
export function callHint(t: Translate, call: CallView): string {
  if (call.phase !== 'connected') return '';
  if (!call.remoteMicrophone) return t('calling.remoteMuted', { name: call.name });
  const isWithoutPicture = call.kind === 'video' && !call.remoteCamera;
  return isWithoutPicture ? t('calling.remoteWithoutCamera', { name: call.name }) : '';
}
