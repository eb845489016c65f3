package dev.sluice.control.admin.desk;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.CommandContext.Validation;
import dev.sluice.control.change.Identity;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a request says beside its content. Immutable.
 *
 * @param requestId UUID, or empty
 * @param etag or empty
 * @param reason for the log, or empty
 */
public record Conditions(String requestId, boolean validateOnly, String etag, String reason) {
    private static final int LONGEST_REASON = 1_024;
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** Of an order that no etag guards. */
    public static Conditions because(String reason, String requestId, boolean validateOnly) {
        return new Conditions(requestId, validateOnly, "", reason);
    }

    /**
     * Of an update of fields: without an etag of the caller's it is guarded by the one that was
     * read for it.
     */
    public static Conditions ofMerge(
            String requestId, boolean validateOnly, String etag, Resource present) {
        return new Conditions(
                requestId, validateOnly, etag.isEmpty() ? present.meta().etag() : etag, "");
    }

    void check(Problems problems) {
        if (!requestId.isEmpty() && !UUID.matcher(requestId).matches()) {
            problems.field("request_id")
                    .add(Problem.quote(requestId), "a UUID", "give a new UUID for each change");
        }
        if (reason.length() > LONGEST_REASON) {
            problems.field("reason")
                    .add(
                            reason.length() + " characters",
                            "at most " + LONGEST_REASON,
                            "say it in fewer words");
        }
    }

    CommandContext context(Identity caller, Instant time) {
        return new CommandContext(
                caller,
                requestId.isEmpty() ? Optional.empty() : Optional.of(requestId),
                reason,
                validateOnly ? Validation.ONLY : Validation.APPLY,
                etag.isEmpty() ? Optional.empty() : Optional.of(etag),
                time);
    }
}
