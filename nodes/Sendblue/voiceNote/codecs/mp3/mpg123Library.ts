/** The face of mpg123 as it is compiled, which its package does not declare; a pointer is an address in its memory. */
export interface Mpg123Library {
	/** Writes the new decoder's handle; other results than 0 are errors. */
	mpeg_frame_decoder_create(handle: number, removesGaps: 0 | 1): number;
	/** Gives the decoder input, which is copied. */
	mpeg_decoder_feed(handle: number, input: number, inputLength: number): number;
	/** Decodes what was fed, as far as `outputLength` floats reach: the channels one behind the other. */
	mpeg_decoder_read(
		handle: number,
		output: number,
		outputLength: number,
		samplesDecoded: number,
		sampleRate: number,
		error: number,
	): number;
	/** Gives all memory of the decoder back. */
	mpeg_frame_decoder_destroy(handle: number): void;
}

/** What `mpeg_decoder_read` results in once all is decoded (mpg123.h, enum mpg123_errors). */
export const MPG123_NEED_MORE = -10;
