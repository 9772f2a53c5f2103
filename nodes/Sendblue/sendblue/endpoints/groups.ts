import type { Call } from '../call';
import { isRecord } from '../envelope';
import type { ModifyGroupBody, SendblueAnswer, SendblueGroup } from '../types';
import { answerOf } from './messages';
import { READ, WRITE } from './rules';

/** `GET /api/v2/groups/{group_id}`: name, photo and members. */
export async function getGroup(call: Call, groupId: string): Promise<SendblueGroup> {
	const body = await call({ method: 'GET', path: groupPath(groupId) }, READ);
	return (isRecord(body) && isRecord(body.data) ? body.data : body) as SendblueGroup;
}

/** `POST /api/create-group`; its fields are passed on as given. */
export async function createGroup(call: Call, json: Record<string, unknown>): Promise<SendblueAnswer> {
	return answerOf(await call({ method: 'POST', path: '/api/create-group', json }, WRITE));
}

/** `POST /api/modify-group`: adds or removes one person. */
export async function modifyGroup(call: Call, json: ModifyGroupBody): Promise<SendblueAnswer> {
	return answerOf(await call({ method: 'POST', path: '/api/modify-group', json }, WRITE));
}

/** `POST /api/v2/groups/{group_id}/name`; null clears the name. */
export async function renameGroup(
	call: Call,
	groupId: string,
	name: string | null,
	fromNumber?: string,
): Promise<SendblueAnswer> {
	const json = { group_name: name, from_number: fromNumber };
	return answerOf(await call({ method: 'POST', path: `${groupPath(groupId)}/name`, json }, WRITE));
}

/** `POST /api/v2/groups/{group_id}/photo`: JPEG, PNG or GIF of up to 5 MB by https URL; null clears the photo. */
export async function setGroupPhoto(
	call: Call,
	groupId: string,
	photoUrl: string | null,
	fromNumber?: string,
): Promise<SendblueAnswer> {
	const json = { photo_url: photoUrl, from_number: fromNumber };
	return answerOf(await call({ method: 'POST', path: `${groupPath(groupId)}/photo`, json }, WRITE));
}

function groupPath(groupId: string): string {
	return `/api/v2/groups/${encodeURIComponent(groupId)}`;
}
