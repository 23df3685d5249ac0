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
  estimate: (seconds) => (seconds < 60 ? 'Less than a minute' : `About ${minutes(Math.round(seconds / 60))}`),
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
  states: {
    sending: 'Sending',
    slow: 'Not sent yet, trying again',
    sent: 'Sent',
    delivered: 'Delivered',
    read: 'Read',
  },
  failed: (code) => reasons[code] ?? 'Not sent.',
  retry: 'Send again',
  discard: 'Delete',
  typing: (name) => `${name || 'The agent'} is typing`,
  tabs: { all: 'Sections', chat: 'Chat', faqs: 'Questions' },
  menu: {
    open: 'More',
    audioCall: 'Voice call',
    videoCall: 'Video call',
    soundOn: 'Turn sound on',
    soundOff: 'Turn sound off',
    transcript: 'Download transcript',
    end: 'End conversation',
  },
  problem: (code) => problems[code] ?? 'That did not work. Please try again later.',
  tools: { emoji: 'Emoji', attach: 'Send a picture or a file', camera: 'Take a picture', voice: 'Voice message' },
  drop: 'Drop to send',
  upload: { progress: (percent) => `Uploading, ${percent}%`, cancel: 'Cancel the upload' },
  image: {
    open: (name) => `Look at the picture ${name}`,
    broken: 'The picture cannot be shown',
  },
  rating: {
    change: 'Change rating',
  },
  leave: {
    toForm: 'Leave a message',
    away: 'The agent is away. What you write is kept; you can also leave your contact details.',
  },
  today: 'Today',
  yesterday: 'Yesterday',
  notice(notice) {
    if (notice.notice === 'assigned') return `${notice.agentName} is here for you`;
    if (notice.notice === 'closed') return 'This conversation was closed. Write again at any time';
    if (notice.notice === 'transferred') return `${notice.agentName} takes over`;
    if (notice.notice === 'rating_requested') return 'You were asked for a rating';
    if (notice.notice === 'rated') return `You gave ${notice.score} of 5. Thank you`;
    return '';
  },
};

const reasons: Record<string, string> = {
  too_long: 'Not sent: it is too long.',
  too_large: 'Not sent: the file is larger than 18 MB.',
  empty_file: 'Not sent: the file is empty.',
  unreachable: 'Not sent: no connection.',
  rate_limited: 'Not sent: too many at once. Please wait a moment.',
  blacklisted: 'Not sent: we cannot chat with you at the moment.',
  business_closed: 'Not sent: this site does not take questions any more.',
};

const problems: Record<string, string> = {
  unreachable: 'No connection. Please try again.',
  rate_limited: 'Too many attempts. Please wait a moment.',
};

function minutes(count: number): string {
  return count === 1 ? '1 minute' : `${count} minutes`;
}
