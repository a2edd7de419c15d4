import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import '@/lib/strings';

// A test waits for what it expects, however busy the machine is; only a missing thing takes this long.
configure({ asyncUtilTimeout: 20_000 });

afterEach(cleanup);
