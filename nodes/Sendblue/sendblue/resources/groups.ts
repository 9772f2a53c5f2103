import { type Call, READ, WRITE } from '../http/call';
import { answerOf, isRecord, type SendblueAnswer } from '../http/envelope';

/** A group, from `GET /api/v2/groups/{group_id}`. */
export interface SendblueGroup {
	group_id?: string;
	group_name?: string | null;
	participant_numbers?: string[];
	participants?: Array<Record<string, unknown>>;
	[field: string]: unknown;
}

/** Body of `POST /api/create-group`. */
export interface CreateGroupBody {
	from_number: string;
	numbers: string[];
	group_name?: string;
}

/** Body of `POST /api/modify-group`; removing needs at least four members. */
export interface ModifyGroupBody {
	group_id: string;
	modify_type: 'add_recipient' | 'remove_recipient';
	number: string;
	from_number?: string;
}

/** Group conversations. Every method may throw {@link SendblueApiError}. */
export class Groups {
	constructor(private readonly call: Call) {}

	/** `GET /api/v2/groups/{group_id}`: name, photo and members. */
	async get(groupId: string): Promise<SendblueGroup> {
		const body = await this.call({ method: 'GET', path: groupPath(groupId) }, READ);
		return (isRecord(body) && isRecord(body.data) ? body.data : body) as SendblueGroup;
	}

	/** `POST /api/create-group`. */
	async create(json: CreateGroupBody): Promise<SendblueAnswer> {
		return answerOf(await this.call({ method: 'POST', path: '/api/create-group', json }, WRITE));
	}

	/** `POST /api/modify-group`: adds or removes one person. */
	async modify(json: ModifyGroupBody): Promise<SendblueAnswer> {
		return answerOf(await this.call({ method: 'POST', path: '/api/modify-group', json }, WRITE));
	}

	/** `POST /api/v2/groups/{group_id}/name`; null clears the name. */
	async rename(groupId: string, name: string | null, fromNumber?: string): Promise<SendblueAnswer> {
		const json = { group_name: name, from_number: fromNumber };
		return answerOf(await this.call({ method: 'POST', path: `${groupPath(groupId)}/name`, json }, WRITE));
	}

	/** `POST /api/v2/groups/{group_id}/photo`: a public address of a picture of up to 5 MB; null takes the photo away. */
	async setPhoto(groupId: string, photoUrl: string | null, fromNumber?: string): Promise<SendblueAnswer> {
		const json = { photo_url: photoUrl, from_number: fromNumber };
		return answerOf(await this.call({ method: 'POST', path: `${groupPath(groupId)}/photo`, json }, WRITE));
	}
}

function groupPath(groupId: string): string {
	return `/api/v2/groups/${encodeURIComponent(groupId)}`;
}
