import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';
import '@/lib/strings';

afterEach(cleanup);
