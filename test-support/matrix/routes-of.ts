import type { Router } from 'express';

/** What a router answers, as `POST /path`: without what only refuses other methods, preflights and errors. */
export function routesOf(router: Router): string[] {
  const routes = router.stack.flatMap(({ route }) => {
    if (route === undefined) return [];
    const paths: readonly string[] = [route.path].flat();
    const methods = new Set(route.stack.map(({ method }) => method));
    // What stands there for all methods is a refusal or a header, never an answer of its own.
    return [...methods]
      .filter((method) => method !== undefined && method !== 'options')
      .flatMap((method) => paths.map((path) => `${method.toUpperCase()} ${path}`));
  });
  return [...new Set(routes)].sort();
}
