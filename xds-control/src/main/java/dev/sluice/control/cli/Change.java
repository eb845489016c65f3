package dev.sluice.control.cli;

/**
 * What every change carries beside its content. Immutable.
 *
 * @param requestId UUID by which a repeated change is known
 * @param validateOnly whether to do everything but the change
 */
record Change(String requestId, boolean validateOnly) {}
