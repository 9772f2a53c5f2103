/** The part of JSON Schema that n8n's output schemas use. */
export interface OutputSchema {
	type: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
	properties?: Record<string, OutputSchema>;
	items?: OutputSchema;
}

/**
 * Where a value differs from its schema: fields the schema does not know, and values of another type. A null is of
 * every type, since the schemas tell what a field holds if it holds something.
 */
export function schemaMismatches(schema: OutputSchema, value: unknown, path = ''): string[] {
	if (value === null || value === undefined) return [];
	const actual = Array.isArray(value) ? 'array' : typeof value;
	if (actual !== schema.type) return [`${path || 'output'} is ${actual}, not ${schema.type}`];
	if (Array.isArray(value)) {
		const { items } = schema;
		return items ? value.flatMap((entry, index) => schemaMismatches(items, entry, `${path}[${index}]`)) : [];
	}
	if (typeof value !== 'object' || !schema.properties) return [];
	return Object.entries(value as object).flatMap(([name, entry]) => {
		const known = schema.properties?.[name];
		return known ? schemaMismatches(known, entry, `${path}.${name}`) : [`${path}.${name} is not in the schema`];
	});
}
