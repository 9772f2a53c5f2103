/** What the files in test/fixtures/heaac hold, and what decoders make of it from the first sample on. */
import { readFileSync } from 'node:fs';
import type { AacOutput } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import { AacDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import type { AacConfig } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { parseAudioSpecificConfig } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { adtsFrames } from '../../../nodes/Sendblue/voiceNote/containers/adts/demuxAdts';
import { extensionOf, readDecoderConfig } from '../../../nodes/Sendblue/voiceNote/containers/mp4/sampleEntry';
import { samplePackets } from '../../../nodes/Sendblue/voiceNote/containers/mp4/sampleTable';
import { readMp4 } from '../../../nodes/Sendblue/voiceNote/containers/mp4/readMp4';
import { kept } from '../kept.cts';
import { run } from '../pcm/tools.cts';
import { joinBlocks } from './decode.cts';

/** An AAC stream out of its container. */
export interface AacPackets {
	config: AacConfig;
	packets: Uint8Array[];
}

/** Bytes of an `esds` box in front of its descriptors: version and flags. */
const FULL_BOX_BYTES = 4;
const SYNC_EXTENSION_SBR = 0x2b7;

/** The packets of an ADTS or MP4 file. */
export function packetsOf(bytes: Uint8Array): AacPackets {
	if (bytes[0] === 0xff) {
		const frames = [...adtsFrames(bytes)];
		return { config: frames[0].config, packets: frames.map(({ data }) => data) };
	}
	const [track] = readMp4(bytes).audioTracks;
	const packets = [...samplePackets(bytes, track.runs(), () => undefined)];
	return { config: parseAudioSpecificConfig(specificConfigOf(bytes)), packets };
}

/** What our decoder makes of the packets, nothing trimmed. */
export function decodePackets({ config, packets }: AacPackets, output: AacOutput) {
	const decoder = new AacDecoder(config, output);
	const channels = joinBlocks(packets.map((packet) => kept(decoder.decode(packet))));
	return { sampleRate: decoder.sampleRate, channels, lacksUpperBand: decoder.lacksUpperBand };
}

/** What ffmpeg makes of a file, nothing trimmed: always two channels, as mono may turn out to be parametric stereo. */
export function ffmpegDecodeUntrimmed(path: string): Float32Array[] {
	const edits = path.endsWith('.m4a') ? ['-ignore_editlist', '1'] : [];
	const input = ['-v', 'error', '-flags2', '+skip_manual', ...edits, '-i', path];
	const bytes = run('ffmpeg', [...input, '-c:a', 'pcm_f32le', '-f', 'f32le', '-']);
	return [0, 1].map((channel) =>
		Float32Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readFloatLE(8 * i + 4 * channel)),
	);
}

/** The same MP4 file, asking for HE-AAC at the rate of its core: ffmpeg then decodes it down-sampled. */
export function announcedAtCoreRate(path: string): Uint8Array {
	const bytes = new Uint8Array(readFileSync(path));
	const config = specificConfigOf(bytes);
	const bits = Array.from(config, (byte) => byte.toString(2).padStart(8, '0')).join('');
	const coreIndex = bits.slice(5, 9);
	const isHierarchical = Number.parseInt(bits.slice(0, 5), 2) !== 2;
	// extensionSamplingFrequencyIndex follows the core's rate and channels, or object type and flag.
	const at = isHierarchical ? 5 + 4 + 4 : bits.indexOf(SYNC_EXTENSION_SBR.toString(2).padStart(11, '0')) + 11 + 5 + 1;
	const changed = bits.slice(0, at) + coreIndex + bits.slice(at + 4);
	config.forEach((_, i) => (config[i] = Number.parseInt(changed.slice(8 * i, 8 * i + 8), 2)));
	return bytes;
}

/** The AudioSpecificConfig of an MP4 file; a view into it. */
function specificConfigOf(bytes: Uint8Array): Uint8Array {
	const [{ entry }] = readMp4(bytes).audioTracks;
	const box = extensionOf(bytes, entry, 'esds');
	const config = box && readDecoderConfig(bytes.subarray(box.start + FULL_BOX_BYTES, box.end))?.specificInfo;
	if (!config) throw new Error('The file has no AudioSpecificConfig');
	return config;
}
