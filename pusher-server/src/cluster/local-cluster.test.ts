import { clusterContract, factLine, type ClusterFactory } from './cluster.contract.ts';
import { LocalCluster } from './local-cluster.ts';

const createLocal: ClusterFactory = async (options) => {
  const heard: string[] = [];
  let look: () => void = () => undefined;
  const hear = (line: string) => {
    heard.push(line);
    look();
  };
  const cluster = new LocalCluster(options);
  await cluster.start({
    event: (channel, frame) => hear(`event ${channel.name} ${frame}`),
    memberAdded: (_channel, userId, userInfo) => hear(`memberAdded ${userId} ${userInfo ?? ''}`),
    memberRemoved: (_channel, userId) => hear(`memberRemoved ${userId}`),
    occupancyChanged: () => undefined,
    userChanged: (appId, userId, online) => hear(`userChanged ${appId} ${userId} ${online ? 'online' : 'offline'}`),
    terminateUser: (_appId, userId, reconnect) => hear(`terminateUser ${userId} ${String(reconnect)}`),
    subscriptionCount: (channel, count) => hear(`subscriptionCount ${channel.name} ${String(count)}`),
    countsSubscriptions: (appId) => appId === 'counted',
    fact: (fact, settled) => {
      hear(factLine(fact));
      settled();
    },
    wants: () => true,
    membershipChanged: () => undefined,
    nodeMessage: (message) => hear(`nodeMessage ${message}`),
    sessionTaken: (id) => hear(`sessionTaken ${id}`),
    limitedConnections: () => [],
    feedWanted: (appId, wanted) => hear(`feedWanted ${appId} ${String(wanted)}`),
    feedHeard: (appId, text) => hear(`feedHeard ${appId} ${text}`),
  });
  const hears = (text: string) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (heard.includes(text)) resolve();
      };
      look();
    });
  return { cluster, heard, hears, close: () => cluster.close() };
};

clusterContract('local', createLocal);
