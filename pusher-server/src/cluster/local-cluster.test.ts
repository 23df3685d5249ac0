import { describe, expect, it } from 'vitest';
import { channel, clusterContract, startRecorded, type ClusterFactory } from './cluster.contract.ts';
import { LocalCluster } from './local-cluster.ts';

const createLocal: ClusterFactory = (options) => startRecorded(new LocalCluster(options));

clusterContract('local', createLocal);

describe('one node alone', () => {
  it('L6: tells what still waits before it lets go, since nobody else could', async () => {
    const node = await createLocal({ webhookDelayMs: 60_000 });
    node.cluster.apply(channel('news'), 1);
    node.cluster.apply(channel('news'), 0);
    await node.close();
    expect(node.heard).toEqual(['channel_occupied news', 'channel_vacated news']);
  });
});
