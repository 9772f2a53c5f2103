/**
 * Restores what n8n stores of an execution: JSON in which every value stands once, in one list, and is referred to by
 * its place in the list, written as a string.
 *
 * @param {string} text
 * @returns {any}
 */
export function parseExecutionData(text) {
	/** @type {any[]} */
	const values = JSON.parse(text);
	const restored = new Map();

	const at = (place) => {
		const value = values[place];
		if (value === null || typeof value !== 'object') return value;
		if (restored.has(place)) return restored.get(place);
		const copy = Array.isArray(value) ? [] : {};
		restored.set(place, copy);
		for (const [key, reference] of Object.entries(value)) {
			copy[key] = typeof reference === 'string' ? at(Number(reference)) : reference;
		}
		return copy;
	};
	return at(0);
}
