'use strict';

/**
 * Timers that a reset or a close ends all at once, so that nothing keeps the process alive.
 * @returns {import('./types.cjs').Timers}
 */
function createTimers() {
	/** @type {Map<NodeJS.Timeout, () => void>} */
	const running = new Map();

	/**
	 * @param {number} ms
	 * @param {() => void} onTime
	 * @param {() => void} onClear
	 */
	function start(ms, onTime, onClear) {
		const timer = setTimeout(() => {
			running.delete(timer);
			onTime();
		}, ms);
		running.set(timer, onClear);
	}

	return {
		get pending() {
			return running.size;
		},
		later(ms, action) {
			start(ms, action, () => {});
		},
		sleep(ms) {
			return new Promise((resolve) => {
				start(
					ms,
					() => resolve(true),
					() => resolve(false),
				);
			});
		},
		clear() {
			const waiting = [...running];
			running.clear();
			for (const [timer, onClear] of waiting) {
				clearTimeout(timer);
				onClear();
			}
		},
	};
}

module.exports = { createTimers };
