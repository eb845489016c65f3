package dev.sluice.control.governance;

import dev.sluice.control.change.Rights;

/**
 * A person or a machine that may call. Immutable.
 *
 * @param name kept in the log with all that it does
 * @param rights with at least one role
 */
public record User(String name, Rights rights) {}
