package dev.sluice.control.checkpoint;

import java.util.Optional;

/**
 * How the checkpoints of one place stand. Immutable.
 *
 * @param kind of the place: {@code folder} or {@code url}
 * @param seq last event that a checkpoint is kept of there, since this process began; 0 for none
 * @param failures attempts that failed, since this process began
 * @param failure why the last attempt failed; empty when it did not
 */
public record CheckpointState(String kind, long seq, long failures, Optional<String> failure) {}
