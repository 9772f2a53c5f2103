'use strict';

/**
 * Stands in for n8n's credential storage: plain values by type, applied to requests as the credential class says.
 * What n8n does for the generic kind of authentication is done here too: expressions in headers and query.
 */
class CredentialsHelper {
	constructor(loader, values) {
		this.loader = loader;
		this.values = values;
	}

	async authenticate(credentials, type, request, workflow, node) {
		const { authenticate } = this.loader.getCredential(type).type;
		if (typeof authenticate === 'function') return await authenticate(credentials, request);
		const resolve = (expression) =>
			workflow.expression.getSimpleParameterValue(
				node,
				expression,
				'internal',
				{ $credentials: credentials },
				undefined,
				'',
			);
		const resolved = (fields = {}) =>
			Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, resolve(value)]));
		const { headers, qs } = authenticate.properties;
		return {
			...request,
			headers: { ...request.headers, ...resolved(headers) },
			...(qs ? { qs: { ...request.qs, ...resolved(qs) } } : {}),
		};
	}

	async getDecrypted(_additionalData, _reference, type) {
		const value = this.values[type];
		if (value === undefined) throw new Error(`No credential of type ${type}`);
		return { ...value };
	}

	async getCredentials(_reference, type) {
		return { getData: () => this.values[type] };
	}

	getCredentialsProperties(type) {
		return this.loader.getCredential(type).type.properties;
	}

	getParentTypes() {
		return [];
	}

	isCredentialUsableByNode() {
		return true;
	}

	isCredentialUsableInNode() {
		return true;
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData() {}
}

module.exports = { CredentialsHelper };
