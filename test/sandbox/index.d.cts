import type { Sandbox, SandboxOptions } from './types.cjs';

export * from './types.cjs';

/** Starts a local Sendblue on 127.0.0.1; port 0 takes a free one. */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>;

export const SANDBOX_KEY_ID: string;
export const SANDBOX_SECRET_KEY: string;
/** The account's own lines, and the shared line beside them. */
export const LINES: readonly string[];
export const SHARED_LINE: string;
