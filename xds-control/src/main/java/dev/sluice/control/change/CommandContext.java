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
        Identity caller,
        Optional<String> requestId,
        String reason,
        Validation validation,
        Optional<String> etag,
        Instant time) {

    /** A command without request id, reason or etag. */
    public static CommandContext of(Principal principal, Instant time) {
        return of(Identity.of(principal), time);
    }

    /** The same, from somebody whose proof tells more than a name. */
    public static CommandContext of(Identity caller, Instant time) {
        return new CommandContext(
                caller, Optional.empty(), "", Validation.APPLY, Optional.empty(), time);
    }

    /** Whose name the log keeps. */
    public Principal principal() {
        return caller.principal();
    }

    public CommandContext withReason(String because) {
        return new CommandContext(caller, requestId, because, validation, etag, time);
    }

    public CommandContext withEtag(String expected) {
        return new CommandContext(
                caller, requestId, reason, validation, Optional.of(expected), time);
    }

    /** For what the command does to another resource than the one that it names. */
    public CommandContext withoutEtag() {
        return new CommandContext(caller, requestId, reason, validation, Optional.empty(), time);
    }

    public CommandContext withRequestId(String id) {
        return new CommandContext(caller, Optional.of(id), reason, validation, etag, time);
    }

    public CommandContext withValidation(Validation wanted) {
        return new CommandContext(caller, requestId, reason, wanted, etag, time);
    }

    /** Whether a command changes anything. */
    public enum Validation {
        /** The change is made. */
        APPLY,
        /** Everything is done but the change. */
        ONLY
    }
}
