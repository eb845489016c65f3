package dev.sluice.control.cli.session;

/**
 * What every change carries beside its content. Immutable.
 *
 * @param requestId UUID by which a repeated change is known
 * @param validateOnly whether to do everything but the change
 */
public record Change(String requestId, boolean validateOnly) {}
