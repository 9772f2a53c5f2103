/** The checksums of FLAC frames (RFC 9639, sections 9.1.8 and 9.3). */

const CRC8_POLYNOMIAL = 0x07;
const CRC16_POLYNOMIAL = 0x8005;

const CRC8_TABLE = checksumTable(8, CRC8_POLYNOMIAL);
const CRC16_TABLE = checksumTable(16, CRC16_POLYNOMIAL);

function checksumTable(bits: number, polynomial: number): Uint16Array {
	const top = 2 ** (bits - 1);
	const mask = 2 ** bits - 1;
	return Uint16Array.from({ length: 256 }, (_, byte) => {
		let remainder = byte << (bits - 8);
		for (let bit = 0; bit < 8; bit++) {
			remainder = ((remainder & top) !== 0 ? (remainder << 1) ^ polynomial : remainder << 1) & mask;
		}
		return remainder;
	});
}

/** Checksum of a frame's header. */
export function crc8(bytes: Uint8Array, start: number, end: number): number {
	let checksum = 0;
	for (let index = start; index < end; index++) checksum = CRC8_TABLE[checksum ^ bytes[index]];
	return checksum;
}

/** Checksum of a whole frame. */
export function crc16(bytes: Uint8Array, start: number, end: number): number {
	let checksum = 0;
	for (let index = start; index < end; index++) {
		checksum = ((checksum << 8) & 0xffff) ^ CRC16_TABLE[(checksum >> 8) ^ bytes[index]];
	}
	return checksum;
}
