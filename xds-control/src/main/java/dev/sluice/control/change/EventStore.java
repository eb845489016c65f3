package dev.sluice.control.change;

import java.util.List;

/**
 * Port: the append-only log. Calls block; only the writer thread and start-up make them. One owner
 * at a time: an implementation refuses a second one when it is opened.
 */
public interface EventStore extends AutoCloseable {
    /** The epoch that new events bear. */
    long epoch();

    /** Whether this process appends to it, as far as it knows; returns at once, on any thread. */
    boolean isOwn();

    /** Where the log ends. */
    Head head();

    /**
     * Events from {@code firstSeq} on, ascending, at most {@code limit}; empty after the end.
     *
     * @throws StoreException when the log cannot be read or is damaged
     */
    List<LoggedEvent> read(long firstSeq, int limit);

    /**
     * Events that follow a place, as {@link #read}, each known to continue the chain from there.
     *
     * @throws StoreException when the log cannot be read or its chain is broken; the message names
     *     the last good event
     */
    List<LoggedEvent> after(Head place, int limit);

    /** A reader for another thread, which is closed by itself. */
    EventReader reader();

    /** Where images of the state are kept, for another thread, which is closed by itself. */
    ImageStore images();

    /**
     * Appends a batch as a whole or not at all, durably: after it returns, a crash loses nothing of
     * it. The first event must follow {@link #head()} and bear {@link #epoch()}; both are checked
     * in the same transaction.
     *
     * @throws StoreException when nothing was appended, or when it is unknown whether it was: then
     *     the next call re-reads the head first
     */
    void append(List<LoggedEvent> batch);

    @Override
    void close();

    /**
     * The end of a log.
     *
     * @param seq of the last event, 0 for an empty log
     * @param hash of the last event, {@link Digest#ZERO} for an empty log
     */
    record Head(long seq, Digest hash) {
        public static final Head EMPTY = new Head(0, Digest.ZERO);
    }
}
