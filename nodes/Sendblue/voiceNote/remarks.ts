/** What belongs to the facts of every conversion. */
export interface Remarked {
	/** What the user should know of the conversion, in complete sentences; absent where there is nothing. */
	remarks?: string[];
}

/** Puts remarks beside the facts of a conversion, so that workflows can go by them too. */
export function withRemarks<Info extends Remarked>(info: Info, remarks: readonly string[]): Info {
	return remarks.length > 0 ? { ...info, remarks: [...remarks] } : info;
}
