/**
 * Writes payloads of spectral band replication at random but valid, so that streams meet every branch of its syntax and
 * tools. The same seed gives the same stream.
 */
import type { HuffmanCodes } from '../../../nodes/Sendblue/voiceNote/codecs/aac/huffman';
import * as codebooks from '../../../nodes/Sendblue/voiceNote/codecs/aac/sbr/tables';
import type { FrequencyBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/sbr/frequencyBands';
import { deriveBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/sbr/frequencyBands';
import type { SbrHeader } from '../../../nodes/Sendblue/voiceNote/codecs/aac/sbr/sbrPayload';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import { BitWriter } from '../bits.cts';
import { codeWords } from './frameWriter.cts';
import type { Random } from '../random.cts';

const FIXFIX = 0;
const FIXVAR = 1;
const VARFIX = 2;

/** Every other decoder knows so many patches. */
const MAX_PATCHES = 5;
const MAX_ENVELOPES = 5;
const CRC_POLYNOMIAL = 0x233;
/** Levels that are neither silence nor louder than the core, in steps of 1.5 dB; noise from loud to soft. */
const LEVELS = [24, 52];
const NOISE = [0, 22];
const BALANCE = [0, 24];

/** What is left to chance in a stream, and what is not. */
export interface SbrStreamOptions {
	/** Fields that every header has. */
	header?: Partial<SbrHeader>;
	/** How likely a frame has a header. */
	headerChance?: number;
	/** Time slots of a frame. */
	slots?: number;
	/** Writes ps_data() of a frame. */
	writePs?(writer: BitWriter): void;
}

interface Grid {
	frameClass: number;
	first: number;
	/** Time slots by which the frame reaches into the next. */
	late: number;
	leading: number[];
	trailing: number[];
	pointer: number;
	resolutions: number[];
	ampRes: number;
}

/** Values of one envelope or noise floor, as they are written. */
interface Row {
	inTime: boolean;
	values: number[];
	write(writer: BitWriter): void;
}

/** What the next frame of a channel counts from. */
interface Reference {
	levels: number[];
	resolution: number;
	noise: number[];
	ampRes: number;
	late: number;
}

interface Book {
	time: HuffmanCodes;
	frequency: HuffmanCodes;
}

const LEVEL_BOOKS: Book[] = [
	{ time: codebooks.LEVEL_TIME_1_5_DB, frequency: codebooks.LEVEL_FREQUENCY_1_5_DB },
	{ time: codebooks.LEVEL_TIME_3_DB, frequency: codebooks.LEVEL_FREQUENCY_3_DB },
];
const BALANCE_BOOKS: Book[] = [
	{ time: codebooks.BALANCE_TIME_1_5_DB, frequency: codebooks.BALANCE_FREQUENCY_1_5_DB },
	{ time: codebooks.BALANCE_TIME_3_DB, frequency: codebooks.BALANCE_FREQUENCY_3_DB },
];
const NOISE_BOOK: Book = { time: codebooks.NOISE_TIME, frequency: codebooks.LEVEL_FREQUENCY_3_DB };
const NOISE_BALANCE_BOOK: Book = { time: codebooks.NOISE_BALANCE_TIME, frequency: codebooks.BALANCE_FREQUENCY_3_DB };

/** The payloads of one channel element, frame by frame. */
export class SbrStream {
	private header: SbrHeader | undefined;
	private bands!: FrequencyBands;
	private coupled = false;
	private readonly references: Reference[];
	private readonly slots: number;

	constructor(
		private readonly random: Random,
		private readonly coreRate: number,
		private readonly channels: 1 | 2,
		private readonly options: SbrStreamOptions = {},
	) {
		this.slots = options.slots ?? 16;
		this.references = Array.from({ length: channels }, () => ({
			levels: [],
			resolution: 1,
			noise: [],
			ampRes: 0,
			late: 0,
		}));
	}

	/** The next frame's extension_payload(), from its type on. */
	next(): Uint8Array {
		const { random, options } = this;
		const writer = new BitWriter();
		const isFirst = !this.header;
		const sendsHeader = isFirst || random.chance(options.headerChance ?? 0.1);
		writer.write(sendsHeader ? 1 : 0, 1);
		if (sendsHeader) {
			this.chooseHeader();
			writeHeader(writer, this.header as SbrHeader);
		}
		this.writeData(writer, sendsHeader);
		if (options.writePs) this.writeExtendedData(writer);
		else writer.write(0, 1);
		return withType(writer, random.chance(0.3));
	}

	private chooseHeader(): void {
		const { random, header, options } = this;
		if (header && random.chance(0.5)) {
			const limits = { limiterBands: random.integer(0, 3), limiterGains: random.integer(0, 3) };
			this.header = { ...header, ...limits, ...options.header };
			this.bands = deriveBands(this.header, 2 * this.coreRate);
			return;
		}
		for (;;) {
			const chosen = { ...randomHeader(random), ...options.header };
			const bands = bandsOf(chosen, 2 * this.coreRate);
			if (!bands || !isUnambiguous(bands)) continue;
			this.header = chosen;
			this.bands = bands;
			return;
		}
	}

	private writeData(writer: BitWriter, sendsHeader: boolean): void {
		const { random, channels, references, bands } = this;
		const hasReserved = random.chance(0.2);
		writer.write(hasReserved ? 1 : 0, 1);
		if (hasReserved) writer.write(0, 4 * channels);
		const mayCouple = channels === 2 && references[0].late === references[1].late;
		const coupled = mayCouple && random.chance(0.5);
		if (channels === 2) writer.write(coupled ? 1 : 0, 1);
		const grids = [this.randomGrid(references[0].late)];
		if (channels === 2) grids.push(coupled ? grids[0] : this.randomGrid(references[1].late));
		const fresh = sendsHeader || coupled !== this.coupled;
		const envelopes = grids.map((grid, c) => this.envelopes(grid, references[c], coupled && c === 1, fresh));
		const noise = grids.map((grid, c) => this.noise(grid, references[c], coupled && c === 1, fresh));

		grids.slice(0, coupled ? 1 : channels).forEach((grid) => writeGrid(writer, grid));
		grids.forEach((_, c) => [...envelopes[c], ...noise[c]].forEach(({ inTime }) => writer.write(inTime ? 1 : 0, 1)));
		for (let c = 0; c < (coupled ? 1 : channels); c++) {
			for (let band = 0; band + 1 < bands.noise.length; band++) writer.write(random.integer(0, 3), 2);
		}
		const rows = coupled ? [envelopes[0], noise[0], envelopes[1], noise[1]] : [...envelopes, ...noise];
		rows.flat().forEach((row) => row.write(writer));
		grids.forEach(() => this.writeSines(writer));
		this.coupled = coupled;
		grids.forEach((grid, c) => {
			references[c] = {
				levels: envelopes[c][envelopes[c].length - 1].values,
				resolution: grid.resolutions[grid.resolutions.length - 1],
				noise: noise[c][noise[c].length - 1].values,
				ampRes: grid.ampRes,
				late: grid.late,
			};
		});
	}

	private randomGrid(first: number): Grid {
		const { random, slots } = this;
		const ampRes = (this.header as SbrHeader).ampRes;
		for (;;) {
			const frameClass = first > 0 ? random.integer(VARFIX, 3) : random.integer(FIXFIX, FIXVAR);
			if (frameClass === FIXFIX) {
				const count = 1 << random.integer(0, 2);
				const resolutions = new Array<number>(count).fill(random.integer(0, 1));
				const steps = count === 1 ? 0 : ampRes;
				return { frameClass, first, late: 0, leading: [], trailing: [], pointer: 0, resolutions, ampRes: steps };
			}
			const late = frameClass === VARFIX ? 0 : random.integer(0, 3);
			const distances = () => Array.from({ length: random.integer(0, 3) }, () => random.integer(0, 3));
			const leading = frameClass === FIXVAR ? [] : distances();
			const trailing = frameClass === VARFIX ? [] : distances();
			const count = leading.length + trailing.length + 1;
			const width = [...leading, ...trailing].reduce((sum, distance) => sum + 2 * distance + 2, 0);
			if (count > MAX_ENVELOPES || first + width >= slots + late) continue;
			const resolutions = Array.from({ length: count }, () => random.integer(0, 1));
			return { frameClass, first, late, leading, trailing, pointer: random.integer(0, count + 1), resolutions, ampRes };
		}
	}

	private envelopes(grid: Grid, before: Reference, isBalance: boolean, fresh: boolean): Row[] {
		const { random } = this;
		const { high, low } = this.bands;
		const [least, most] = (isBalance ? BALANCE : LEVELS).map((value) => value >> grid.ampRes);
		const book = (isBalance ? BALANCE_BOOKS : LEVEL_BOOKS)[grid.ampRes];
		const odd = (high.length - 1) & 1;
		let reference = before.levels;
		let referenceResolution = before.resolution;
		return grid.resolutions.map((resolution, l) => {
			const mayCount = l > 0 || (!fresh && grid.ampRes === before.ampRes);
			const inTime = mayCount && random.chance(0.5);
			const [values, valuesResolution] = [reference, referenceResolution];
			const carried = (band: number) => {
				if (valuesResolution === resolution) return values[band];
				return values[resolution === 1 ? (band + odd) >> 1 : Math.max(0, 2 * band - odd)];
			};
			const count = (resolution === 1 ? high : low).length - 1;
			const from = inTime ? carried : undefined;
			const row = randomRow(random, count, [least, most], from, book, (isBalance ? 6 : 7) - grid.ampRes);
			reference = row.values;
			referenceResolution = resolution;
			return row;
		});
	}

	private noise(grid: Grid, before: Reference, isBalance: boolean, fresh: boolean): Row[] {
		const { random } = this;
		const book = isBalance ? NOISE_BALANCE_BOOK : NOISE_BOOK;
		let reference = before.noise;
		return Array.from({ length: grid.resolutions.length > 1 ? 2 : 1 }, (_, floor) => {
			const inTime = (floor > 0 || !fresh) && random.chance(0.5);
			const values = reference;
			const from = inTime ? (band: number) => values[band] : undefined;
			const range = isBalance ? [0, 12] : NOISE;
			const row = randomRow(random, this.bands.noise.length - 1, range, from, book, 5);
			reference = row.values;
			return row;
		});
	}

	private writeSines(writer: BitWriter): void {
		const { random } = this;
		const some = random.chance(0.3);
		writer.write(some ? 1 : 0, 1);
		for (let band = 0; some && band + 1 < this.bands.high.length; band++) {
			writer.write(random.chance(0.15) ? 1 : 0, 1);
		}
	}

	private writeExtendedData(writer: BitWriter): void {
		const data = new BitWriter().write(2, 2); // bs_extension_id
		this.options.writePs?.(data);
		const bytes = data.toBytes();
		writer.write(1, 1).write(Math.min(bytes.length, 15), 4);
		if (bytes.length >= 15) writer.write(bytes.length - 15, 8);
		bytes.forEach((byte) => writer.write(byte, 8));
	}
}

function randomHeader(random: Random): SbrHeader {
	return {
		ampRes: random.integer(0, 1),
		startFreq: random.integer(0, 15),
		stopFreq: random.integer(0, 15),
		xoverBand: random.integer(0, 7),
		freqScale: random.integer(0, 3),
		alterScale: random.integer(0, 1),
		noiseBands: random.integer(0, 3),
		limiterBands: random.integer(0, 3),
		limiterGains: random.integer(0, 3),
		interpolFreq: random.integer(0, 1),
		smoothingMode: random.integer(0, 1),
	};
}

function bandsOf(header: SbrHeader, sbrRate: number): FrequencyBands | undefined {
	try {
		return deriveBands(header, sbrRate);
	} catch (error) {
		if (error instanceof VoiceNoteError) return undefined;
		throw error;
	}
}

/** Decoders differ on bands that no patch fills. */
function isUnambiguous({ patches, width }: FrequencyBands): boolean {
	return patches.length <= MAX_PATCHES && patches.reduce((sum, { count }) => sum + count, 0) === width;
}

function writeHeader(writer: BitWriter, header: SbrHeader): void {
	const { freqScale, alterScale, noiseBands, limiterBands, limiterGains, interpolFreq, smoothingMode } = header;
	const sendsScales = !(freqScale === 2 && alterScale === 1 && noiseBands === 2);
	const sendsLimits = !(limiterBands === 2 && limiterGains === 2 && interpolFreq === 1 && smoothingMode === 1);
	writer.write(header.ampRes, 1).write(header.startFreq, 4).write(header.stopFreq, 4).write(header.xoverBand, 3);
	writer
		.write(0, 2)
		.write(sendsScales ? 1 : 0, 1)
		.write(sendsLimits ? 1 : 0, 1);
	if (sendsScales) writer.write(freqScale, 2).write(alterScale, 1).write(noiseBands, 2);
	if (sendsLimits) {
		writer.write(limiterBands, 2).write(limiterGains, 2).write(interpolFreq, 1).write(smoothingMode, 1);
	}
}

function writeGrid(writer: BitWriter, grid: Grid): void {
	const { frameClass, leading, trailing, resolutions } = grid;
	const count = resolutions.length;
	writer.write(frameClass, 2);
	if (frameClass === FIXFIX) {
		writer.write(Math.log2(count), 2).write(resolutions[0], 1);
		return;
	}
	if (frameClass !== FIXVAR) writer.write(grid.first, 2);
	if (frameClass !== VARFIX) writer.write(grid.late, 2);
	if (frameClass !== FIXVAR) writer.write(leading.length, 2);
	if (frameClass !== VARFIX) writer.write(trailing.length, 2);
	[...leading, ...trailing].forEach((distance) => writer.write(distance, 2));
	writer.write(grid.pointer, Math.ceil(Math.log2(count + 1)));
	const sent = frameClass === FIXVAR ? [...resolutions].reverse() : resolutions;
	sent.forEach((resolution) => writer.write(resolution, 1));
}

/** Values that wander within a range, written as differences to `from`, or to the band below. */
function randomRow(
	random: Random,
	count: number,
	[least, most]: number[],
	from: ((band: number) => number) | undefined,
	book: Book,
	startBits: number,
): Row {
	const words = codeWords(from ? book.time : book.frequency);
	const largest = Math.max(...Object.keys(words).map(Number));
	const values: number[] = [];
	for (let band = 0; band < count; band++) {
		const base = from ? from(band) : values[band - 1];
		const reach = random.chance(0.05) ? largest : 4;
		const value = base === undefined ? random.integer(least, most) : base + random.integer(-reach, reach);
		values.push(Math.min(most, Math.max(least, value)));
	}
	const write = (writer: BitWriter) => {
		values.forEach((value, band) => {
			const base = from ? from(band) : values[band - 1];
			if (base === undefined) writer.write(value, startBits);
			else writer.write(words[value - base].code, words[value - base].length);
		});
	};
	return { inTime: from !== undefined, values, write };
}

/** Puts extension_type in front, and a checksum if wanted, and fills up the last byte. */
function withType(data: BitWriter, checked: boolean): Uint8Array {
	const crcBits = checked ? 10 : 0;
	while ((data.length + crcBits + 4) % 8 > 0) data.write(0, 1);
	const bits = Array.from(data.toBytes(), (byte) => byte.toString(2).padStart(8, '0'))
		.join('')
		.slice(0, data.length);
	const whole = new BitWriter().write(checked ? 14 : 13, 4);
	if (checked) whole.write(crcOf(bits), crcBits);
	for (const bit of bits) whole.write(Number(bit), 1);
	return whole.toBytes();
}

function crcOf(bits: string): number {
	let crc = 0;
	for (const bit of bits) {
		const carries = ((crc >> 9) & 1) !== Number(bit);
		crc = ((crc << 1) & 0x3ff) ^ (carries ? CRC_POLYNOMIAL : 0);
	}
	return crc;
}
