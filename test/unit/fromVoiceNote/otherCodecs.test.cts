import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { fromVoiceNote } from '../../../nodes/Sendblue/voiceNote';
import { joinBytes } from '../../support/bytes.cts';
import { audioData, cafChunk, cafOf, description, packetTable } from '../../support/core/cafFile.cts';
import { seededRandom } from '../../support/pcm/signals.cts';

const AAC_FIXTURE = resolve(__dirname, '../../fixtures/aac/tones16000.aac');
/** AudioSpecificConfig: AAC-LC, 16 kHz, mono (ISO/IEC 14496-3, 1.6.2.1). */
const AAC_LC_16_KHZ_MONO = Uint8Array.of(0x14, 0x08);
const ADTS_HEADER_BYTES = 7;

/** The raw frames of an ADTS file without checksums. */
function adtsPackets(file: Uint8Array): Uint8Array[] {
	const packets: Uint8Array[] = [];
	for (let start = 0; start < file.length; ) {
		const length = ((file[start + 3] & 3) << 11) | (file[start + 4] << 3) | (file[start + 5] >> 5);
		packets.push(file.subarray(start + ADTS_HEADER_BYTES, start + length));
		start += length;
	}
	return packets;
}

/** AMR narrow-band frames of 12.2 kb/s (RFC 4867, section 5.3) with bits of chance, 20 ms each. */
function amrFrames(count: number): Uint8Array[] {
	const random = seededRandom(1);
	return Array.from({ length: count }, () => {
		const frame = Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256));
		frame[0] = (7 << 3) | 4;
		return frame;
	});
}

function aacCaf(): Uint8Array {
	const packets = adtsPackets(readFileSync(AAC_FIXTURE));
	return cafOf(
		description({ formatId: 'aac ', sampleRate: 16_000, framesPerPacket: 1_024 }),
		cafChunk('kuki', AAC_LC_16_KHZ_MONO),
		packetTable({
			validFrames: 6_400,
			primingFrames: 1_024,
			remainderFrames: packets.length * 1_024 - 7_424,
			table: packets.map(({ length }) => length),
		}),
		audioData(packets),
	);
}

function amrCaf(): Uint8Array {
	return cafOf(
		description({ formatId: 'samr', sampleRate: 8_000, bytesPerPacket: 32, framesPerPacket: 160 }),
		audioData(amrFrames(50)),
	);
}

const NOTES: Array<[title: string, file: () => Uint8Array, sourceFormat: string, seconds: number]> = [
	['AAC in CAF', aacCaf, 'caf/aac', 0.4],
	['AMR in CAF', amrCaf, 'caf/amr', 1],
	['an .amr file', () => joinBytes('#!AMR\n', ...amrFrames(50)), 'amr', 1],
];

describe.each(NOTES)('%s', (_, file, sourceFormat, durationSeconds) => {
	it('becomes WAV', async () => {
		const { info } = await fromVoiceNote(file(), { format: 'wav' });
		expect(info).toMatchObject({ method: 'decoded', sourceFormat, durationSeconds, sampleRate: 16_000, channels: 1 });
	});

	it('becomes Ogg Opus', async () => {
		const { info } = await fromVoiceNote(file());
		expect(info).toMatchObject({ method: 'encoded', sourceFormat, durationSeconds, channels: 1 });
	});
});
