/** What the server says of a request it did not fulfil: `application/problem+json`. */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string | null;
  code: string;
  request_id?: string | null;
  errors?: FieldError[];
}

export interface FieldError {
  field: string;
  message: string;
  code: string;
}

/** A request that failed, in a form that can be shown. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** How long the server asks to wait, from `Retry-After`. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail || problem.title);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status() {
    return this.problem.status;
  }

  /** The server's words about one field of the request, if it complained of it. */
  fieldMessage(field: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === field)?.message;
  }
}

/** Status of an error that never reached the server. */
export const UNREACHABLE = 0;

/** The problem that a response reports; a proxy's page of HTML becomes one too. */
export async function errorOf(response: Response): Promise<ApiError> {
  const fallback: Problem = {
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    code: 'unexpected_answer',
    request_id: response.headers.get('x-request-id'),
  };
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const body = isJson ? await response.json().catch(() => null) : null;
  const problem =
    body && typeof body === 'object' ? { ...fallback, ...(body as Partial<Problem>) } : fallback;
  return new ApiError(problem, retryAfterSeconds(response.headers.get('retry-after')));
}

/** Reads `Retry-After`, which is seconds or a date. */
export function retryAfterSeconds(header: string | null, now = Date.now()): number | null {
  if (!header) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isFinite(date) ? Math.max(0, Math.ceil((date - now) / 1000)) : null;
}
