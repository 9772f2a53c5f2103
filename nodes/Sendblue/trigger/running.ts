/** What the trigger does when it runs or its editor asks, apart from the fields, which n8n reads at its start. */
export { searchLines } from '../parameters/listSearch';
export { receiveDelivery } from './receive';
export { createWebhook, deleteWebhook, webhookExists } from './registration';
