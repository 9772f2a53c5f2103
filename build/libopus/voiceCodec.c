/* The calls that nodes/Sendblue/voiceNote/codecs/opus makes. Sizes are in bytes, frames in samples of each channel;
   results below zero are libopus' error codes. */

#include <stdint.h>
#include <stdlib.h>
#include "opus.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

/* Ends the call, and with it the use of this memory. */
void celt_fatal(const char *message, const char *file, int line)
{
	__builtin_trap();
}

/* Address of so much memory. */
intptr_t EXPORT(allocate)(size_t bytes)
{
	void *memory = malloc(bytes);
	return memory ? (intptr_t)memory : OPUS_ALLOC_FAIL;
}

void EXPORT(release)(void *memory)
{
	free(memory);
}

/* Address of an encoder of speech for one channel. */
intptr_t EXPORT(createEncoder)(opus_int32 sampleRate, opus_int32 bitrate, opus_int32 complexity)
{
	int error;
	OpusEncoder *encoder = opus_encoder_create(sampleRate, 1, OPUS_APPLICATION_VOIP, &error);
	if (error == OPUS_OK) error = opus_encoder_ctl(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
	if (error == OPUS_OK) error = opus_encoder_ctl(encoder, OPUS_SET_VBR(1));
	if (error == OPUS_OK) error = opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bitrate));
	if (error == OPUS_OK) error = opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(complexity));
	if (error == OPUS_OK) return (intptr_t)encoder;
	free(encoder);
	return error;
}

opus_int32 EXPORT(lookahead)(OpusEncoder *encoder)
{
	opus_int32 frames;
	int error = opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(&frames));
	return error == OPUS_OK ? frames : error;
}

opus_int32 EXPORT(encode)(OpusEncoder *encoder, const float *pcm, int frames, unsigned char *packet, opus_int32 maxBytes)
{
	return opus_encode_float(encoder, pcm, frames, packet, maxBytes);
}

/* Address of a decoder. */
intptr_t EXPORT(createDecoder)(opus_int32 sampleRate, int channels)
{
	int error;
	OpusDecoder *decoder = opus_decoder_create(sampleRate, channels, &error);
	return error == OPUS_OK ? (intptr_t)decoder : error;
}

/* A packet of null conceals a lost one, in as many frames as asked for. */
int EXPORT(decode)(OpusDecoder *decoder, const unsigned char *packet, opus_int32 bytes, float *pcm, int maxFrames)
{
	return opus_decode_float(decoder, packet, bytes, pcm, maxFrames, 0);
}
