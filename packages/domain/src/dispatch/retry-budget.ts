/**
 * Retries as a share of the traffic: each request earns a fraction of a retry, up to a reserve that
 * covers the requests that were out on a replica when it died. A budget that is used up turns
 * retries into degraded answers, instead of adding load to what cannot carry it.
 */

export interface RetryBudgetOptions {
  readonly retriesPerRequest: number;
  readonly reserve: number;
}

export const RETRY_BUDGET_DEFAULTS: RetryBudgetOptions = { retriesPerRequest: 0.1, reserve: 256 };

export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  #retries: number;

  constructor(options: RetryBudgetOptions) {
    this.#options = options;
    this.#retries = options.reserve;
  }

  onRequest(): void {
    this.#retries = Math.min(
      this.#options.reserve,
      this.#retries + this.#options.retriesPerRequest,
    );
  }

  /** Takes one retry, or says that there is none. */
  takeRetry(): boolean {
    if (this.#retries < 1) return false;
    this.#retries -= 1;
    return true;
  }
}
