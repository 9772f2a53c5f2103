/**
 * Faults that still come out wrong, in the form `container, fault`. They are printed with all others and do not fail the
 * run; a fault that is not here does. What is mended is taken out.
 */
export const OPEN_FAULTS = new Set([
	'ogg/opus, positions out of order',
	'ogg/opus, packets one behind the other, no container',
	'mp4/opus, all offsets are shifted',
	'mp4/amr, all offsets are shifted',
	'mp4/mp3, no sample is there',
	'matroska/vorbis, bytes behind',
	'amrwb, narrow band and wide band joined',
	'wav, two data chunks',
	'wav, GSM 6.10',
	'caf/pcm, the data size is wrong',
	'caf/coded, the valid frames are too few',
	'caf/coded, the remainder is too long',
	'caf/coded, the table counts too few packets',
]);
