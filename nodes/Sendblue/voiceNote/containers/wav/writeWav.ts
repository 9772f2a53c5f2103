const HEADER_BYTES = 44;
const FORMAT_CHUNK_BYTES = 16;
const WAVE_FORMAT_PCM = 1;
const BYTES_PER_SAMPLE = 2;
const BITS_PER_SAMPLE = 16;
/** Full scale of 16-bit samples. */
const FULL_SCALE = 32_768;

/** Bytes of a mono 16-bit WAV file with this many samples. */
export function wavBytes(samples: number): number {
	return HEADER_BYTES + samples * BYTES_PER_SAMPLE;
}

/** Rounds samples (nominal range −1 … 1) to 16 bits; what exceeds full scale is clipped. */
export function toInt16(samples: Float32Array): Int16Array {
	const rounded = new Int16Array(samples.length);
	for (let index = 0; index < samples.length; index++) {
		const value = Math.round(samples[index] * FULL_SCALE);
		rounded[index] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, value));
	}
	return rounded;
}

/**
 * Writes a WAV file of mono 16-bit PCM ("Multimedia Programming Interface and Data Specifications 1.0", Microsoft and
 * IBM, 1991).
 *
 * @param blocks the samples in order
 * @param sampleRate Hz
 */
export function writeWav(blocks: readonly Int16Array[], sampleRate: number): Uint8Array {
	const samples = blocks.reduce((sum, block) => sum + block.length, 0);
	const file = new Uint8Array(wavBytes(samples));
	const view = new DataView(file.buffer);
	characters(view, 0, 'RIFF');
	view.setUint32(4, file.length - 8, true);
	characters(view, 8, 'WAVE');
	characters(view, 12, 'fmt ');
	view.setUint32(16, FORMAT_CHUNK_BYTES, true);
	view.setUint16(20, WAVE_FORMAT_PCM, true);
	view.setUint16(22, 1, true); // channels
	view.setUint32(24, sampleRate, true);
	view.setUint32(28, sampleRate * BYTES_PER_SAMPLE, true); // bytes per second
	view.setUint16(32, BYTES_PER_SAMPLE, true); // bytes per frame
	view.setUint16(34, BITS_PER_SAMPLE, true);
	characters(view, 36, 'data');
	view.setUint32(40, samples * BYTES_PER_SAMPLE, true);
	let position = HEADER_BYTES;
	for (const block of blocks) {
		for (let index = 0; index < block.length; index++, position += BYTES_PER_SAMPLE) {
			view.setInt16(position, block[index], true);
		}
	}
	return file;
}

function characters(view: DataView, offset: number, text: string): void {
	for (let index = 0; index < text.length; index++) view.setUint8(offset + index, text.charCodeAt(index));
}
