/** The demuxers of mediabunny (MPL-2.0). Bundled at build time. */
export { BufferSource, EncodedPacketSink, Input, MATROSKA, MP4, MPEG_TS, QTFF, WEBM } from 'mediabunny';
export type { EncodedPacket, InputAudioTrack } from 'mediabunny';
