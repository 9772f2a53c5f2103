/** Largest file Sendblue takes or hosts, in bytes (documented as 100 MB). */
export const UPLOAD_LIMIT_BYTES = 100_000_000;

/** Largest file for people without iMessage, in bytes (documented as 5 MB for SMS). */
export const MMS_LIMIT_BYTES = 5_000_000;

/** Longest text Sendblue takes, in characters. */
export const MAX_TEXT_LENGTH = 18_996;

/** Most people a group can have besides the line. */
export const MAX_GROUP_SIZE = 25;

/** Messages per second and line that Sendblue is known to accept. */
export const DEFAULT_PER_SECOND = 1;

/** Largest answer that is read, in bytes: a page of 200 messages with the longest (ASCII) texts comes to 4 MB. */
export const ANSWER_LIMIT_BYTES = 10_000_000;
