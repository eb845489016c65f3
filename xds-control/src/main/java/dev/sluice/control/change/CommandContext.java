package dev.sluice.control.change;

import java.time.Instant;
import java.util.Optional;

/**
 * Who gives a command, when, and under which conditions. Immutable.
 *
 * @param requestId UUID that makes a repeated command answer as the first did, for 24 h
 * @param reason for people, 0..1,024 characters; kept in the log
 * @param validation whether the change is made or only checked
 * @param etag when given, must be the current one of the resource that the command names
 * @param time when it arrived, by the control plane's clock
 */
public record CommandContext(
        Principal principal,
        Optional<String> requestId,
        String reason,
        Validation validation,
        Optional<String> etag,
        Instant time) {

    /** A command without request id, reason or etag. */
    public static CommandContext of(Principal principal, Instant time) {
        return new CommandContext(
                principal, Optional.empty(), "", Validation.APPLY, Optional.empty(), time);
    }

    public CommandContext withReason(String because) {
        return new CommandContext(principal, requestId, because, validation, etag, time);
    }

    public CommandContext withEtag(String expected) {
        return new CommandContext(
                principal, requestId, reason, validation, Optional.of(expected), time);
    }

    /** For what the command does to another resource than the one that it names. */
    public CommandContext withoutEtag() {
        return new CommandContext(principal, requestId, reason, validation, Optional.empty(), time);
    }

    public CommandContext withRequestId(String id) {
        return new CommandContext(principal, Optional.of(id), reason, validation, etag, time);
    }

    public CommandContext withValidation(Validation wanted) {
        return new CommandContext(principal, requestId, reason, wanted, etag, time);
    }

    /** Whether a command changes anything. */
    public enum Validation {
        /** The change is made. */
        APPLY,
        /** Everything is done but the change. */
        ONLY
    }
}
