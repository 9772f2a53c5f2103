/**
 * Gives the thread to whatever else n8n has to do (timers that are due, sockets, other executions), and goes on in a
 * later turn of the event loop. By a message to ourselves, since a timer of no length still waits a whole millisecond,
 * and much longer on a busy machine.
 */
export async function pause(): Promise<void> {
	const { port1, port2 } = new MessageChannel();
	await new Promise<void>((resolve) => {
		port1.once('message', () => resolve());
		port2.postMessage(undefined);
	});
	// An open port would keep the process alive.
	port1.close();
}
