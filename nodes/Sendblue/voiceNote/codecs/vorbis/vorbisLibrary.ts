/** The face of libvorbis as it is compiled, which its package does not declare; a pointer is an address in its memory. */
export interface VorbisLibrary {
	create_decoder(
		input: number,
		inputLength: number,
		output: number,
		channels: number,
		sampleRate: number,
		samplesDecoded: number,
		errors: number,
		errorsLength: number,
		maxErrors: number,
	): number;
	send_setup(decoder: number, isFirst: boolean): void;
	init_dsp(decoder: number): void;
	decode_packets(decoder: number): void;
	destroy_decoder(decoder: number): void;
}
