/**
 * Measures the contestants in turn, round after round, each round in the opposite order of the last: what drifts in
 * the machine meanwhile meets all of them alike.
 * @returns for each contestant its results, one a round
 */
export async function alternate<Contestant, Result>(
  contestants: readonly Contestant[],
  rounds: number,
  measure: (contestant: Contestant, round: number) => Promise<Result>,
): Promise<Result[][]> {
  const results: Result[][] = contestants.map(() => []);
  const order = [...contestants.keys()];
  for (let round = 0; round < rounds; round++) {
    for (const index of order) {
      const contestant = contestants[index];
      if (contestant !== undefined) results[index]?.push(await measure(contestant, round));
    }
    order.reverse();
  }
  return results;
}
