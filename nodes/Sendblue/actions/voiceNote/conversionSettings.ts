import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { DEFAULT_BITRATE, MAX_BITRATE, MIN_BITRATE } from '../../voiceNote/limits';

/** What the user set about the conversion. */
export interface ConversionSettings {
	/** Kilobits per second. */
	bitrate: number;
	alwaysReencode: boolean;
}

/**
 * Reads the options that shape a voice note.
 *
 * @throws {NodeOperationError} where the bitrate is no number of kilobits per second that Opus can have.
 */
export function conversionSettings(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
): ConversionSettings {
	const bitrate = Number(options.bitrate ?? DEFAULT_BITRATE);
	if (!(bitrate >= MIN_BITRATE && bitrate <= MAX_BITRATE)) {
		throw new NodeOperationError(
			context.getNode(),
			`'Bitrate' is not usable: ${String(options.bitrate)} [item ${itemIndex}]`,
			{
				itemIndex,
				description: `Enter a number of kilobits per second from ${MIN_BITRATE} to ${MAX_BITRATE}; ${DEFAULT_BITRATE} is good for speech.`,
			},
		);
	}
	return { bitrate, alwaysReencode: options.alwaysReencode === true };
}
