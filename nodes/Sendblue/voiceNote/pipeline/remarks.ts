import type { Remarked } from '../types';

/** Puts remarks beside the facts of a conversion, so that workflows can go by them too. */
export function withRemarks<Info extends Remarked>(info: Info, remarks: readonly string[]): Info {
	return remarks.length > 0 ? { ...info, remarks: [...remarks] } : info;
}
