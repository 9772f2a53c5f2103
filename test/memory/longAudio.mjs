/** Long audio files made in memory. */

const WAV_HEADER_BYTES = 44;
const SAMPLE_RATE = 48_000;

/** A WAV file of the given size in bytes: 16-bit stereo at 48 kHz, a tone that wavers. */
export function longWav(bytes) {
	const file = Buffer.alloc(bytes - (bytes % 4));
	const data = file.length - WAV_HEADER_BYTES;
	file.write('RIFF', 0);
	file.writeUInt32LE(36 + data, 4);
	file.write('WAVEfmt ', 8);
	file.writeUInt32LE(16, 16);
	file.writeUInt16LE(1, 20);
	file.writeUInt16LE(2, 22);
	file.writeUInt32LE(SAMPLE_RATE, 24);
	file.writeUInt32LE(SAMPLE_RATE * 4, 28);
	file.writeUInt16LE(4, 32);
	file.writeUInt16LE(16, 34);
	file.write('data', 36);
	file.writeUInt32LE(data, 40);
	const samples = new Int16Array(file.buffer, file.byteOffset + WAV_HEADER_BYTES, data >> 1);
	const period = Int16Array.from({ length: SAMPLE_RATE * 2 }, (_, index) =>
		Math.round(9_000 * Math.sin((index >> 1) / 20) * Math.sin((index >> 1) / 9_000)),
	);
	for (let start = 0; start < samples.length; start += period.length) {
		samples.set(period.subarray(0, Math.min(period.length, samples.length - start)), start);
	}
	return file;
}

/** An MP3 file of at least the given length in seconds: the frames of a short one over and over, without its tags. */
export function longMp3(short, seconds) {
	const frames = short.subarray(short.indexOf(0xff));
	const secondsPerCopy = frames.length / 4_000; // 32 kb/s
	return Buffer.concat(new Array(Math.ceil(seconds / secondsPerCopy)).fill(frames));
}
