/** What the node does when it runs or its editor asks, apart from the fields, which n8n reads at its start. */
export { getLines, getSeats, searchContacts, searchGroups, searchLines } from '../parameters/listSearch';
export { router } from './router';
