/** Rows that are known not to hold yet, as `topic › name`. */
export const OPEN_ROWS: readonly string[] = [];
