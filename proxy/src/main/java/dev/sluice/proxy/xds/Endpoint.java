package dev.sluice.proxy.xds;

/** One address of the management server. Immutable. */
record Endpoint(String host, int port) {}
