/**
 * Who may import whom. Each rule carries its reason; `npm run check` runs them.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A circle means that two files cannot be understood apart.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'protocol-is-pure',
      comment: 'The wire format is shared with web-app and must run without a server: Node crypto and itself only.',
      severity: 'error',
      from: { path: '^pusher-server/src/protocol', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^pusher-server/src/protocol', '^(node:)?crypto$'] },
    },
    {
      name: 'uws-only-in-transport',
      comment: "The vendor's sockets and their traps stay behind one folder.",
      severity: 'error',
      from: { pathNot: '^pusher-server/src/transport' },
      to: { path: '(uWebSockets\\.js|uwebsockets)' },
    },
    {
      name: 'ioredis-only-in-redis-cluster',
      comment: 'Everything that nodes share goes through the cluster port.',
      severity: 'error',
      from: { pathNot: '^pusher-server/src/cluster/redis-' },
      to: { path: 'node_modules/ioredis' },
    },
    {
      name: 'cluster-behind-its-port',
      comment: 'Channels, connections, REST and webhooks work the same on one node and on many.',
      severity: 'error',
      from: {
        path: '^pusher-server/src/(channels|connection|http-api|webhooks)',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: '^pusher-server/src/cluster/', pathNot: '^pusher-server/src/cluster/cluster\\.ts$' },
    },
    {
      name: 'channels-do-not-know-connections',
      comment: 'Connections use channels, never the other way round.',
      severity: 'error',
      from: { path: '^pusher-server/src/channels', pathNot: '\\.test\\.ts$' },
      to: { path: '^pusher-server/src/connection' },
    },
    {
      name: 'express-at-the-edge',
      comment: 'HTTP types end where a request has been decoded.',
      severity: 'error',
      from: {
        path: '^web-app/src',
        pathNot: [
          '^web-app/src/http',
          '^web-app/src/front-doors/[^/]+/routes',
          '^web-app/src/front-doors/front-door',
          '^web-app/src/auth/session',
          '\\.test\\.ts$',
        ],
      },
      to: { path: 'node_modules/express/' },
    },
    {
      name: 'knex-in-stores',
      comment: 'SQL lives in db, stores and views, and nowhere else.',
      severity: 'error',
      from: {
        path: '^(web-app|pusher-server)/src',
        pathNot: [
          '^web-app/src/db/',
          '-store\\.ts$',
          '-view\\.ts$',
          '^pusher-server/src/apps/database-apps',
          '\\.test\\.ts$',
        ],
      },
      to: { path: 'node_modules/(knex|pg)/' },
    },
    {
      name: 'door-knows-no-store',
      comment: 'A front door decodes, calls the domain, encodes.',
      severity: 'error',
      from: { path: '^web-app/src/front-doors/', pathNot: '\\.test\\.ts$' },
      to: { path: '(^web-app/src/(db|realtime)/|-store\\.ts$|-view\\.ts$)' },
    },
    {
      name: 'door-knows-no-door',
      comment: 'Dialects share the domain, not each other.',
      severity: 'error',
      from: { path: '^web-app/src/front-doors/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^web-app/src/front-doors/[^/]+/', pathNot: '^web-app/src/front-doors/$1/' },
    },
    {
      name: 'domain-knows-no-wire',
      comment: 'The domain knows no Express, no front door, no realtime server.',
      severity: 'error',
      from: { path: '^web-app/src/domain/', pathNot: '\\.test\\.ts$' },
      to: { path: '^web-app/src/(front-doors|realtime|auth|http|app|main)' },
    },
    {
      name: 'own-store-only',
      comment: "A service uses its own store; another noun's data comes from that noun's service.",
      severity: 'error',
      from: { path: '^web-app/src/domain/([^/]+)/.+-(service|rules)\\.ts$' },
      to: { path: '^web-app/src/domain/([^/]+)/.+-store\\.ts$', pathNot: '^web-app/src/domain/$1/' },
    },
    {
      name: 'browser-takes-types-only',
      comment: 'Console and widget know the API by its types and ship none of its code.',
      severity: 'error',
      from: { path: '^(web-app/console|widget)/src' },
      to: { path: '^(web-app|pusher-server)/src', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'console-shares-calls-only',
      comment: 'The two ends of a call must speak alike, so they share its core; the rest of the widget is its own.',
      severity: 'error',
      from: { path: '^web-app/console/src' },
      to: { path: '^widget/src', pathNot: '^widget/src/calls/' },
    },
    {
      name: 'calls-know-no-page',
      comment: 'The core of a call runs in the panel and in the console: it knows neither, and no framework.',
      severity: 'error',
      from: { path: '^widget/src/calls/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^widget/src/calls/' },
    },
    {
      name: 'nobody-imports-tests',
      comment: 'Test support never ships.',
      severity: 'error',
      from: { pathNot: ['^(pusher-server/)?(tests|test-support|bench)/', '\\.test\\.ts$', '^vitest'] },
      to: { path: '(^(pusher-server/)?(tests|test-support)/|\\.test\\.ts$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
