package dev.sluice.control.path;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.spec.GateSpec;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A command on its way through the writer.
 *
 * @param published what a kill has out already; empty for everything else
 * @param lateness whether this is a kill that could not be recorded before
 */
record Pending(
        Command command,
        CommandContext context,
        Map<GateName, GateSpec> published,
        Lateness lateness,
        CompletableFuture<Outcome> answer) {

    /** Whether a kill is recorded when it was given or when the store returned. */
    enum Lateness {
        IN_TIME,
        LATE
    }

    boolean isPublishedKill() {
        return !published.isEmpty();
    }

    /** Whether the log has this kill, or something later of each of its gates. */
    boolean isRecordedIn(Catalog catalog) {
        return published.entrySet().stream()
                .noneMatch(out ->
                        catalog.gate(out.getKey())
                                .filter(gate -> gate.revision().isBelow(out.getValue().revision()))
                                .isPresent());
    }

    /**
     * Whether nothing of another kill is left to be recorded once this one is: the same order, out
     * under the same revisions, and not refused where the other would not be.
     */
    boolean covers(Pending other) {
        return command.equals(other.command)
                && published.equals(other.published)
                && (context.etag().isEmpty() || context.etag().equals(other.context.etag()));
    }

    /** The same kill, to be recorded when the store returns. */
    Pending later() {
        return new Pending(command, context, published, Lateness.LATE, new CompletableFuture<>());
    }
}
