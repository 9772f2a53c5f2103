import { VoiceNoteError } from '../../errors';
import type { LibopusInstance } from '../../vendor/libopus';

/** One instance serves all encoders and decoders: each would otherwise reserve address space of its own. */
let instance: LibopusInstance | undefined;

/** Loads libopus on first use. */
export async function loadLibopus(): Promise<LibopusInstance> {
	const { instantiateLibopus } = await import('../../vendor/libopus');
	instance ??= instantiateLibopus();
	return instance;
}

/**
 * The address that libopus gave out.
 *
 * @throws VoiceNoteError `limit` where it had no memory to give
 */
export function givenAddress(address: number): number {
	if (address !== 0) return address;
	throw givingUp('limit', 'There is not enough memory for Opus', 'Convert fewer items at a time.');
}

/**
 * The result of a call into libopus.
 *
 * @throws VoiceNoteError `corrupt` where it stopped in the middle; its memory is then not used for anything new
 */
export function resultOf(call: () => number): number {
	try {
		return call();
	} catch {
		throw givingUp('corrupt', 'The Opus codec stopped at damaged audio');
	}
}

/** The error to throw, with the instance left to those who use it already. */
function givingUp(...error: ConstructorParameters<typeof VoiceNoteError>): VoiceNoteError {
	instance = undefined;
	return new VoiceNoteError(...error);
}

/** Gives addresses back to libopus when it is first called, and nothing twice: that would damage its memory. */
export function releaseOnce(library: LibopusInstance, addresses: () => number[]): () => void {
	let isReleased = false;
	return () => {
		if (isReleased) return;
		isReleased = true;
		for (const address of addresses()) library.release(address);
	};
}
