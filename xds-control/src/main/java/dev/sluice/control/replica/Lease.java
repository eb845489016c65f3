package dev.sluice.control.replica;

import dev.sluice.control.change.LeaseTable;
import dev.sluice.control.change.LeaseTable.Row;
import dev.sluice.control.change.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lease as one replica sees it. The leader shows that it lives by counting up; a follower that
 * saw the same count for {@link #SILENCE} takes the lease. Only the follower's own clock measures
 * that, so clocks of different machines are never compared, and time in which the store did not
 * answer does not count: when the database is gone for all, the leader stays.
 *
 * <p>That a leader was silent proves nothing; that it can't append under another's epoch does (see
 * {@link LeaseTable}). Owned by the writer thread; {@link #leads()} and {@link #leader()} are for
 * all.
 */
public final class Lease {
    /** How often a leader shows that it lives. */
    public static final Duration BEAT = Duration.ofSeconds(1);

    /** How long a leader may be silent. */
    public static final Duration SILENCE = Duration.ofSeconds(5);

    private final LeaseTable table;
    private final String holder;
    private final Supplier<String> address;
    private final Runnable catchUp;
    private final LongSupplier nanos;
    private @Nullable Row seen;
    private long since;
    private boolean released;
    private volatile boolean leading;
    private volatile Optional<String> leader = Optional.empty();

    /**
     * @param holder name of this replica, unlike that of any other
     * @param address where others reach it
     * @param catchUp takes in the whole log before the lease is taken; who can't read it, since a
     *     later program wrote it, must not lead, and fails with a {@link StoreException}
     * @param nanos a clock that never goes back, in nanoseconds
     */
    public Lease(
            LeaseTable table,
            String holder,
            Supplier<String> address,
            Runnable catchUp,
            LongSupplier nanos) {
        this.table = table;
        this.holder = holder;
        this.address = address;
        this.catchUp = catchUp;
        this.nanos = nanos;
    }

    /** Whether this replica leads, as far as it knows. */
    public boolean leads() {
        return leading;
    }

    /** Where the leader is, when it is another. */
    public Optional<String> leader() {
        return leader;
    }

    /**
     * Renews, looks or takes, whichever is due; to be called a few times a second.
     *
     * @throws StoreException when the store does not answer or its log can't be read: who led leads
     *     on, as far as it knows, and nobody begins to
     */
    public void tick() {
        try {
            if (leading) {
                renew();
            } else if (!released) {
                look();
            }
        } catch (StoreException silent) {
            since = nanos.getAsLong();
            throw silent;
        }
    }

    /** Gives the lease up for good, so that another takes it at once. */
    public void release() {
        released = true;
        leading = false;
        table.release();
    }

    private void renew() {
        if (passed(BEAT)) {
            leading = table.renew();
            since = nanos.getAsLong();
            seen = null;
        }
    }

    private void look() {
        Row row = table.row();
        if (!row.equals(seen)) {
            seen = row;
            since = nanos.getAsLong();
        }
        leader = row.isFree() ? Optional.empty() : Optional.of(row.address());
        if ((row.isFree() || passed(SILENCE)) && take(row)) {
            since = nanos.getAsLong();
            leader = Optional.empty();
            leading = true;
        }
    }

    private boolean take(Row row) {
        catchUp.run();
        return table.take(row, holder, address.get());
    }

    private boolean passed(Duration time) {
        return nanos.getAsLong() - since >= time.toNanos();
    }
}
