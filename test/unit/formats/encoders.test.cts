/** Every format from files of different encoders, against what ffmpeg decodes them to. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeFile, snrDb, type DecodedFile } from '../../support/formats/decodeFile.cts';
import { FORMATS, type FormatEncoding } from '../../support/formats.cts';
import { gstreamerElement, run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';
import { melDistance, speechLike, wav16 } from '../../support/quality/index.cts';

const SECONDS = 1;
/** Delay and padding that no header states, in packets. */
const UNSTATED_PACKETS = 2;

/** Speech on the left, other speech on the right, as 16-bit WAV. */
function writeInput(path: string, { sampleRate, channels }: FormatEncoding): void {
	const planes = Array.from({ length: channels }, (_, channel) => speechLike(SECONDS, sampleRate, channel + 1));
	writeFileSync(path, wav16(planes, sampleRate));
}

function encode(directory: string, encoding: FormatEncoding): string {
	const input = join(directory, 'input.wav');
	const output = join(directory, `encoded.${encoding.extension}`);
	writeInput(input, encoding);
	run(encoding.tools[0], encoding.arguments(input, output));
	if (encoding.prefix) writeFileSync(output, Buffer.concat([Buffer.from(encoding.prefix), readFileSync(output)]));
	return output;
}

/** What ffmpeg decodes a file to, at the rate of ours. */
function decodeWithFfmpeg(path: string, { sampleRate, channels, sourceFormat }: DecodedFile): Float32Array[] {
	// Its own Opus decoder differs from libopus, which is what is compared with.
	const decoder = sourceFormat.endsWith('opus') ? ['-c:a', 'libopus'] : [];
	const format = ['-map', '0:a:0', '-ar', String(sampleRate), '-c:a', 'pcm_f32le', '-f', 'f32le', '-'];
	const bytes = run('ffmpeg', ['-v', 'error', ...decoder, '-i', path, ...format]);
	const frames = Math.floor(bytes.length / (4 * channels.length));
	return channels.map((_, channel) =>
		Float32Array.from({ length: frames }, (__, i) => bytes.readFloatLE(4 * (i * channels.length + channel))),
	);
}

/** What Vorbis' own tool decodes a file to: 16-bit samples. */
function decodeWithOggdec(path: string, { channels }: DecodedFile): Float32Array[] {
	const bytes = run('oggdec', ['-Q', '-R', '-o', '-', path]);
	const frames = Math.floor(bytes.length / (2 * channels.length));
	return channels.map((_, channel) =>
		Float32Array.from({ length: frames }, (__, i) => bytes.readInt16LE(2 * (i * channels.length + channel)) / 32_768),
	);
}

async function expectSameAsReference(path: string, encoding: FormatEncoding): Promise<void> {
	const decoded = await decodeFile(new Uint8Array(readFileSync(path)));
	const reference =
		encoding.referenceDecoder === 'oggdec' ? decodeWithOggdec(path, decoded) : decodeWithFfmpeg(path, decoded);
	expect(decoded.hints).toEqual([]);
	const { agreement, packet, ahead = 0 } = encoding;
	decoded.channels.forEach((all, channel) => {
		const samples = all.subarray(ahead);
		const length = Math.min(samples.length, reference[channel].length);
		if ('spectrumDb' in agreement) {
			const distance = melDistance(
				reference[channel].subarray(0, length),
				samples.subarray(0, length),
				decoded.sampleRate,
			);
			expect(distance).toBeLessThan(agreement.spectrumDb);
			return;
		}
		const snr = snrDb(reference[channel], samples);
		if (agreement.snrDb === Infinity) expect(snr).toBe(Infinity);
		else expect(snr).toBeGreaterThan(agreement.snrDb);
	});
	const lengthInPackets = (decoded.channels[0].length / decoded.sampleRate - SECONDS) * encoding.sampleRate;
	expect(Math.abs(lengthInPackets)).toBeLessThanOrEqual(UNSTATED_PACKETS * packet);
}

/** The elements of GStreamer that an encoding's pipeline is made of. */
function gstreamerElements({ tools, arguments: args }: FormatEncoding): string[] {
	if (tools[0] !== 'gst-launch-1.0') return [];
	const words = args('in', 'out');
	return words.filter((word, i) => words[i - 1] === '!' && /^[a-z][a-z0-9]*$/.test(word)).map(gstreamerElement);
}

for (const { format, encodings } of FORMATS) {
	if (encodings.length === 0) continue;
	describe(format, () => {
		encodings.forEach((encoding, i) => {
			const shape = `${encoding.channels} × ${encoding.sampleRate} Hz`;
			const title = `${i + 1}: .${encoding.extension} by ${encoding.encoder}, ${shape}`;
			const tools = [...encoding.tools, ...gstreamerElements(encoding), encoding.referenceDecoder ?? 'ffmpeg'];
			testWithTools(tools, title, () =>
				withDirectory((directory) => expectSameAsReference(encode(directory, encoding), encoding)),
			);
		});
	});
}

test('every format is tested with two encoders or more, or with kept files of the one there is', () => {
	for (const { encodings, kept } of FORMATS) {
		if (kept) expect(existsSync(join(__dirname, '../../..', kept.test))).toBe(true);
		else expect(new Set(encodings.map(({ encoder }) => encoder)).size).toBeGreaterThanOrEqual(2);
	}
});
