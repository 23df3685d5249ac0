import type { Dictionary } from './dictionary.ts';

export const en: Dictionary = {
  title: 'Chat with us',
  close: 'Close',
  log: 'Conversation',
  online: 'Online',
  away: 'Away, will answer when back',
  lookingForAgent: 'Finding somebody for you',
  leaveMessage: 'Nobody is here now, leave a message',
  welcome: 'How can we help? Write us your question.',
  place: (place) => (place === 1 ? 'You are next in line' : `You are number ${place} in line`),
  placeHint: 'You can write already; it will be read as soon as somebody is free.',
  offline: 'Nobody is here right now. Leave a message and we will get back to you.',
  blocked: 'Sorry, we cannot chat with you at the moment.',
  businessClosed: 'This site does not take questions any more.',
  notServed: 'The chat is not available. Please try again later.',
  unreachable: 'The chat cannot be reached, trying again…',
  connection: {
    connecting: 'Connecting…',
    reconnecting: 'Reconnecting, messages may come a few seconds late',
    offline: 'No connection; what you write is sent when it is back',
  },
  composer: 'Write a message',
  composerHint: 'Enter sends, Shift + Enter makes a new line',
  send: 'Send',
  tooLong: (over) => `${over} characters too long to send`,
  loadingOlder: 'Loading earlier messages…',
  newMessages: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
  toEnd: 'To the latest message',
  you: 'You',
  agent: 'Agent',
  states: { sending: 'Sending', slow: 'Not sent yet, trying again', sent: 'Delivered', read: 'Read' },
  failed: (code) => reasons[code] ?? 'Not sent.',
  retry: 'Send again',
  discard: 'Delete',
  today: 'Today',
  yesterday: 'Yesterday',
  said(body) {
    switch (body.type) {
      case 'text':
        return body.content.text;
      case 'image':
        return '[Image]';
      case 'file':
        return `[File] ${body.content.name}`;
      case 'voice':
        return '[Voice message]';
      case 'card':
        return `[Product] ${body.content.title}`;
      case 'call':
        return '[Call]';
    }
  },
  notice(notice) {
    if (notice.notice === 'assigned') return `${notice.agentName} is here for you`;
    if (notice.notice === 'closed') return 'This conversation was closed. Write again at any time';
    if (notice.notice === 'transferred') return `${notice.agentName} takes over`;
    if (notice.notice === 'rating_requested') return 'How did we do?';
    if (notice.notice === 'rated') return `You gave ${notice.score} of 5. Thank you`;
    return '';
  },
};

const reasons: Record<string, string> = {
  too_long: 'Not sent: it is too long.',
  blacklisted: 'Not sent: we cannot chat with you at the moment.',
  business_closed: 'Not sent: this site does not take questions any more.',
};
