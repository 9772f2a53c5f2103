/** Tracks of uncompressed audio, opened as the conversion opens them. */
import type { Container, Demuxed, Track } from '../../../nodes/Sendblue/voiceNote/containers/track';
import { openWav } from '../../../nodes/Sendblue/voiceNote/containers/wav/readWav';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import type { PcmSource } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';
import { keptSeconds, reconcile } from '../../../nodes/Sendblue/voiceNote/pipeline/reconcile';

/** What an uncompressed file turns out to hold. */
export interface OpenedTrack {
	sourceFormat: string;
	/** Number of sample frames that `source` yields. */
	frames: number;
	/** Whether the file announced more audio than it holds. */
	truncated: boolean;
	source: PcmSource;
}

export function openedTrack(track: Track): Pick<OpenedTrack, 'frames' | 'source'> {
	const source = reconcile({ sourceFormat: 'test', tracks: [track], findings: [] }).decode();
	const seconds = keptSeconds(track.claims) ?? track.claims.heldSeconds ?? NaN;
	return { frames: Math.round(seconds * source.sampleRate), source };
}

/** Opens a file, the first one if several are joined. */
export async function openedFile(container: Container, bytes: Uint8Array): Promise<OpenedTrack> {
	return opened(await container.demux(bytes, {}, new WorkSlices()));
}

function opened({ sourceFormat, tracks, findings }: Demuxed): OpenedTrack {
	const [track] = tracks;
	return { sourceFormat, truncated: findings.some(({ kind }) => kind === 'cutShort'), ...openedTrack(track) };
}

/** Opens a WAV file whose samples are read, without a look at others behind it. */
export function openedWav(bytes: Uint8Array): OpenedTrack {
	const opened = openWav(bytes);
	if (!('track' in opened)) throw new Error('not PCM');
	return { sourceFormat: 'wav', truncated: opened.wav.truncated, ...openedTrack(opened.track) };
}
