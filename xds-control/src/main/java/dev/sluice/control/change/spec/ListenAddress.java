package dev.sluice.control.change.spec;

/**
 * Where a listener binds. Immutable.
 *
 * @param address IP address; 127.0.0.1 by default
 * @param port 1..65,535
 */
public record ListenAddress(String address, int port) {}
