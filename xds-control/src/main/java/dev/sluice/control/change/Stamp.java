package dev.sluice.control.change;

import java.time.Instant;
import java.util.Optional;

/**
 * Who made an event, when and why. Immutable.
 *
 * @param principal who gave the command
 * @param requestId of the command, when it had one
 * @param command first 16 hex digits of the digest of the command, so that a repeated request id is
 *     known to mean the same
 * @param subject full name of the resource that the command names, such as {@code gates/orders}
 * @param reason the person's own words; may be empty
 */
public record Stamp(
        Instant time,
        Principal principal,
        Optional<String> requestId,
        String command,
        String subject,
        String reason) {}
