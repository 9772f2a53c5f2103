import type { CallRule } from './call';

/** A read that returns an object or a list. */
export const READ: CallRule = { kind: 'read', expects: 'data', bodyMayRefuse: true };

/** A read of a list: an answer without one says nothing about what there is. */
export const READ_LIST: CallRule = { ...READ, expects: 'list' };

/** A read that whoever asks can do without. */
export const CHECK: CallRule = { ...READ, needed: false };

/** A read of a message, whose `status` and `error_code` are the message's own. */
export const READ_MESSAGE: CallRule = { kind: 'read', expects: 'object', bodyMayRefuse: false };

/** A file on its way up. */
export const UPLOAD: CallRule = { kind: 'upload', expects: 'object', bodyMayRefuse: true };

/** A message to people; what its answer says about it, `verdictOf` judges. */
export const SEND: CallRule = { kind: 'send', expects: 'object', bodyMayRefuse: false };

/** A change of any other kind; some of these answer with nothing. */
export const WRITE: CallRule = { kind: 'write', expects: 'anything', bodyMayRefuse: true };
