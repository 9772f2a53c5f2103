/** A 16-bit WAV file of the given channels. */
export function wavOf(channels: Float32Array[], sampleRate: number): Uint8Array {
	const frames = channels[0].length;
	const bytesPerFrame = 2 * channels.length;
	const wav = Buffer.alloc(44 + frames * bytesPerFrame);
	wav.write('RIFF', 0);
	wav.writeUInt32LE(wav.length - 8, 4);
	wav.write('WAVEfmt ', 8);
	wav.writeUInt32LE(16, 16);
	wav.writeUInt16LE(1, 20);
	wav.writeUInt16LE(channels.length, 22);
	wav.writeUInt32LE(sampleRate, 24);
	wav.writeUInt32LE(sampleRate * bytesPerFrame, 28);
	wav.writeUInt16LE(bytesPerFrame, 32);
	wav.writeUInt16LE(16, 34);
	wav.write('data', 36);
	wav.writeUInt32LE(frames * bytesPerFrame, 40);
	for (let frame = 0; frame < frames; frame++) {
		channels.forEach((samples, channel) => {
			const value = Math.max(-32_768, Math.min(32_767, Math.round(samples[frame] * 32_768)));
			wav.writeInt16LE(value, 44 + frame * bytesPerFrame + 2 * channel);
		});
	}
	return Uint8Array.from(wav);
}
