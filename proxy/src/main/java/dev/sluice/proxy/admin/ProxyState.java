package dev.sluice.proxy.admin;

/** Whether a proxy serves. Immutable. */
public sealed interface ProxyState {
    /** Listeners are open. */
    record Live() implements ProxyState {}

    /**
     * It does not serve yet.
     *
     * @param reason what it waits for
     */
    record Starting(String reason) implements ProxyState {}

    /** It accepts nothing new. */
    record Draining() implements ProxyState {}
}
