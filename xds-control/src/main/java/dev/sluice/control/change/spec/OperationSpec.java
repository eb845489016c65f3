package dev.sluice.control.change.spec;

import dev.sluice.contract.OperationName;
import dev.sluice.contract.PartsPerMillion;
import java.time.Duration;
import java.util.List;

/** Something that takes long, as it was begun. Immutable. */
public record OperationSpec(OperationName name, Work work) {
    /** What is done. */
    public sealed interface Work {
        /** What it is done to: full name of a gate or a set; empty for the log. */
        String subject();
    }

    /** Every hash of the log is computed again, up to the event that began it. */
    public record VerifyLog() implements Work {
        @Override
        public String subject() {
            return "";
        }
    }

    /** The log is copied into a file of the leader. */
    public record BackUpLog() implements Work {
        @Override
        public String subject() {
            return "";
        }
    }

    /**
     * Keys are taken back share by share.
     *
     * @param target the whole of what moves: the set of a gate that belongs to one
     * @param shares in order, each below the one before; the last is 0
     * @param dwell how long each stays in force before the next
     */
    public record RollBack(ShareTarget target, List<PartsPerMillion> shares, Duration dwell)
            implements Work {
        public RollBack {
            shares = List.copyOf(shares);
        }

        @Override
        public String subject() {
            return target.name();
        }
    }

    /** Whether another does the same to the same. */
    public boolean isLike(Work other) {
        return work.getClass() == other.getClass() && work.subject().equals(other.subject());
    }
}
