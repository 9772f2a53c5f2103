/** Runs of pieces that are written again are hardly ever longer than this; it limits the memory used. */
const MAX_PIECES = 4_096;

/** The latest pieces of a stream by their number or time, to recognize those that are written again. */
export class LatestPieces<Piece> {
	private readonly pieces = new Map<number, Piece>();

	/** How many there are, 4,096 at most. */
	get size(): number {
		return this.pieces.size;
	}

	/** The latest piece with this number or time. */
	get(key: number): Piece | undefined {
		return this.pieces.get(key);
	}

	/** Adds the next piece. One with the same number or time is replaced, and keeps its place among the latest. */
	add(key: number, piece: Piece): void {
		this.pieces.set(key, piece);
		if (this.pieces.size <= MAX_PIECES) return;
		const [oldest] = this.pieces.keys();
		this.pieces.delete(oldest);
	}
}
