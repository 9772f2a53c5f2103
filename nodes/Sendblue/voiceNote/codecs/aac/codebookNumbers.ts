/** The codebook of a band whose coefficients are all zero (ISO/IEC 14496-3, Table 4.150, as all numbers here). */
export const ZERO_CODEBOOK = 0;
/** The last one with coefficients: large ones are followed by an escape sequence. */
export const ESCAPE_CODEBOOK = 11;
/** No codebook. */
export const RESERVED_CODEBOOK = 12;
/** The band is noise, of which the energy alone is sent. */
export const NOISE_CODEBOOK = 13;
/** Intensity stereo, out of phase: the band is the left channel's, scaled and negated. */
export const INTENSITY_CODEBOOK_2 = 14;
/** Intensity stereo, in phase. */
export const INTENSITY_CODEBOOK = 15;
