/** What every voice note of ours is: the product's constants. */

/** Hz that Apple's voice notes declare; Opus packets themselves carry no rate. */
export const VOICE_NOTE_SAMPLE_RATE = 24_000;
/** 20 ms at 24 kHz. */
export const VOICE_NOTE_FRAMES_PER_PACKET = 480;
