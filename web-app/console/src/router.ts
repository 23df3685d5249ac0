import { createRouter, createWebHistory, type Router } from 'vue-router';

/**
 * `/console/inbox/<view>/<conversation>`, `/console/realtime/<tab>`, `/console/leave-messages`: what is open survives a
 * reload and can be linked to.
 */
export function createConsoleRouter(): Router {
  return createRouter({
    history: createWebHistory(import.meta.env.BASE_URL),
    routes: [
      {
        path: '/inbox/:view(mine|queue|all)/:id(\\d+)?',
        name: 'inbox',
        component: () => import('./pages/InboxPage.vue'),
      },
      {
        path: '/realtime/:tab(events|channels|connections|webhooks)?',
        name: 'realtime',
        component: () => import('./pages/RealtimePage.vue'),
      },
      {
        path: '/leave-messages',
        name: 'leave-messages',
        component: () => import('./pages/LeaveMessagesPage.vue'),
      },
      { path: '/:rest(.*)*', redirect: { name: 'inbox', params: { view: 'mine' } } },
    ],
  });
}
