package dev.sluice.control.change;

/**
 * Port: the one row that says which replica may append to the log. Whoever takes it raises the
 * epoch, which every append compares in its own transaction; so a holder that was paused or cut off
 * can't append any more, whatever it believes. Calls block and throw {@link StoreException} when
 * the store does not answer.
 */
public interface LeaseTable {
    /** What the row says now. */
    Row row();

    /**
     * Takes the lease under the next epoch, if the row still is what was seen.
     *
     * @param holder name of the one who takes it
     * @param address where others reach it
     * @return whether it was taken; otherwise another was faster
     */
    boolean take(Row seen, String holder, String address);

    /** Shows that the holder lives; says whether it holds the lease still. */
    boolean renew();

    /** Gives the lease up, if it is held, so that another need not wait. */
    void release();

    /**
     * The row. Immutable.
     *
     * @param epoch of the holder, from 1; 0 before the first
     * @param holder empty when nobody has the lease
     * @param address of the holder
     * @param beat counts up while the holder lives
     */
    record Row(long epoch, String holder, String address, long beat) {
        public boolean isFree() {
            return holder.isEmpty();
        }
    }
}
