/** What an app has done on this node since the start. Only ever counted up; read at the scrape. */
export interface Traffic {
  connections: number;
  disconnections: number;
  messagesReceived: number;
  bytesReceived: number;
  messagesSent: number;
  bytesSent: number;
  httpCalls: number;
  httpBytesReceived: number;
  httpBytesSent: number;
  /** Connections that were closed because they read too slowly. */
  slowReadersClosed: number;
  /** How often the transport had to drop frames for a client that owed too much. */
  overflows: number;
}

/** A new count of nothing. */
export function noTraffic(): Traffic {
  return {
    connections: 0,
    disconnections: 0,
    messagesReceived: 0,
    bytesReceived: 0,
    messagesSent: 0,
    bytesSent: 0,
    httpCalls: 0,
    httpBytesReceived: 0,
    httpBytesSent: 0,
    slowReadersClosed: 0,
    overflows: 0,
  };
}
