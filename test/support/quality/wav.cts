const PCM = 1;
const IEEE_FLOAT = 3;
const HEADER_BYTES = 44;

function wavFile(
	channels: readonly Float32Array[],
	sampleRate: number,
	formatTag: number,
	bytesPerSample: number,
	write: (view: DataView, offset: number, sample: number) => void,
): Uint8Array {
	const frameBytes = channels.length * bytesPerSample;
	const dataBytes = channels[0].length * frameBytes;
	const bytes = new Uint8Array(HEADER_BYTES + dataBytes);
	const view = new DataView(bytes.buffer);
	const ascii = (offset: number, text: string): void => bytes.set(Buffer.from(text, 'latin1'), offset);
	ascii(0, 'RIFF');
	view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
	ascii(8, 'WAVEfmt ');
	view.setUint32(16, 16, true);
	view.setUint16(20, formatTag, true);
	view.setUint16(22, channels.length, true);
	view.setUint32(24, sampleRate, true);
	view.setUint32(28, sampleRate * frameBytes, true);
	view.setUint16(32, frameBytes, true);
	view.setUint16(34, bytesPerSample * 8, true);
	ascii(36, 'data');
	view.setUint32(40, dataBytes, true);
	channels.forEach((channel, c) => {
		for (let i = 0; i < channel.length; i++) {
			write(view, HEADER_BYTES + i * frameBytes + c * bytesPerSample, channel[i]);
		}
	});
	return bytes;
}

/** A WAV file of 16-bit PCM; samples beyond ±1 are clipped. */
export function wav16(channels: readonly Float32Array[], sampleRate: number): Uint8Array {
	return wavFile(channels, sampleRate, PCM, 2, (view, offset, sample) => {
		view.setInt16(offset, Math.max(-32768, Math.min(32767, Math.round(sample * 32768))), true);
	});
}

/** A WAV file of 32-bit floats, which keeps every sample as it is. */
export function wavFloat(channels: readonly Float32Array[], sampleRate: number): Uint8Array {
	return wavFile(channels, sampleRate, IEEE_FLOAT, 4, (view, offset, sample) => {
		view.setFloat32(offset, sample, true);
	});
}

/** Samples of little-endian 32-bit floats, as `ffmpeg -f f32le` writes them. */
export function fromFloat32Le(bytes: Uint8Array): Float32Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return Float32Array.from({ length: bytes.byteLength >> 2 }, (_, i) => view.getFloat32(4 * i, true));
}
