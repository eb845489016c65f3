package dev.sluice.control.path;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.change.Refusal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What became of a command. Immutable. */
public sealed interface Outcome {
    /**
     * It is recorded and on its way to the nodes, or asked for what was so already, or repeats a
     * request that was answered so before.
     *
     * @param catalog the committed state that contains it
     * @param resource what the command named, as it is after it; empty when it was deleted
     */
    record Accepted(Catalog catalog, Optional<Resource> resource) implements Outcome {}

    /**
     * It would be accepted; nothing was changed, since only validation was asked for.
     *
     * @param resource what the command named, as it would be
     */
    record Validated(Optional<Resource> resource) implements Outcome {}

    /**
     * A kill that sidecars obey now and that the log does not have yet, since the store fails; it is
     * recorded when the store returns.
     *
     * @param resource what the command named, as it will be
     */
    record Published(Optional<Resource> resource) implements Outcome {}

    /** Nothing was changed, for every one of these reasons; at least one, the weightiest first. */
    record Refused(List<Refusal> refusals) implements Outcome {
        public Refused {
            refusals =
                    refusals.stream()
                            .sorted(Comparator.comparing(Refusal::kind))
                            .toList();
        }

        /** The class of the weightiest reason: what the answer as a whole is. */
        public Refusal.Kind kind() {
            return refusals.getFirst().kind();
        }
    }
}
