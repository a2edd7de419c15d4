import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { newRouter } from '@/app/router';
import { watchForUpdates } from '@/app/update';
import { newQueryClient } from '@/lib/api/query-client';
import { applyPreferences } from '@/lib/preferences';
import '@/lib/strings';
import '@/app/app.css';

applyPreferences();
const queryClient = newQueryClient();
const router = newRouter(queryClient);

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
watchForUpdates();
