package dev.sluice.control.catalog;

import java.time.Instant;
import java.util.Optional;

/**
 * A command with a request id that changed something, kept for 24 h so that its repetition answers
 * the same. Immutable.
 *
 * @param command digest of the command; another command under this id is a mistake
 * @param resource what it named, as it was after it; empty when it was deleted
 */
public record AnsweredRequest(String command, long seq, Instant time, Optional<Resource> resource) {}
