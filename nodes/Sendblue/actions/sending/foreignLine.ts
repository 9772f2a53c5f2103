import { SendblueInputError } from '../../sendblue/errors';
import type { ExecutionRun } from '../executionRun';

/**
 * Refuses a line that is not the account's, before anything is converted or uploaded. The lines are read once per
 * execution; where they are not known for sure, Sendblue is left to decide.
 *
 * @throws {SendblueInputError}
 */
export async function refuseForeignLine(run: ExecutionRun, line: string): Promise<void> {
	const lines = await run.sending.lines.get('all', async () => await (await run.client()).completeLines());
	if (!lines || [...lines].some((known) => isSameNumber(known, line))) return;
	throw new SendblueInputError(
		`'From': ${line} is not one of the account's lines, so nothing was sent.`,
		`Choose one of: ${[...lines].join(', ')}.`,
	);
}

/** In whatever spelling Sendblue lists its lines, with or without plus sign and country code. */
function isSameNumber(listed: string, line: string): boolean {
	const digits = listed.replace(/\D/g, '');
	return digits.length >= 7 && line.endsWith(digits);
}
