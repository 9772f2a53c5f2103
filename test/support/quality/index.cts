export { bandLevels } from './bands.cts';
export { compareAudio, type AudioComparison } from './compareAudio.cts';
export { countClips, measureTone, peak, rms, toDecibels } from './levels.cts';
export { findLag, overlap } from './align.cts';
export { melDistance } from './melDistance.cts';
export { concat, fadeEnds, noise, scale, silence, splitUnevenly, sweep, tone } from './signals.cts';
export { speechLike } from './speech.cts';
export { stoi } from './stoi.cts';
export { fromFloat32Le, wav16, wavFloat } from './wav.cts';
