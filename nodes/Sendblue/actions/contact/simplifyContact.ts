import type { SendblueContact } from '../../sendblue/types';

/** The fields of a contact that workflows use, each once: Sendblue sends some in two spellings. */
export function simplifyContact(contact: SendblueContact): object {
	return {
		contact_id: contact.contact_id,
		phone: contact.phone ?? contact.number,
		first_name: contact.first_name ?? contact.firstName,
		last_name: contact.last_name ?? contact.lastName,
		company_name: contact.company_name ?? contact.companyName,
		sendblue_number: contact.sendblue_number ?? contact.sendblueNumber,
		tags: contact.tags,
		custom_variables: contact.custom_variables ?? contact.customVariables,
		opt_out: contact.opt_out ?? contact.optOut,
		created_at: contact.created_at ?? contact.createdAt,
	};
}
