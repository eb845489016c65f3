package dev.sluice.control.notify;

import java.time.Duration;
import java.util.Optional;

/** What became of one attempt to tell a sink. Immutable. Texts hold no secret. */
sealed interface Receipt {
    /** What came of it, for people. */
    String detail();

    /** The sink has it. */
    record Delivered(String detail) implements Receipt {}

    /** Not now; to be tried again, not before the sink's own time when it named one. */
    record Failed(String detail, Optional<Duration> pause) implements Receipt {
        static Failed of(String detail) {
            return new Failed(detail, Optional.empty());
        }
    }

    /** This sink will never take this. */
    record Refused(String detail) implements Receipt {}
}
