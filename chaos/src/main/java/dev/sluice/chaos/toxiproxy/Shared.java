package dev.sluice.chaos.toxiproxy;

/**
 * What the proxies of one server share. Thread-safe.
 *
 * @param sockets all that are open
 * @param draws what chance decides
 * @param bytes what is received and sent
 */
record Shared(Sockets sockets, Draws draws, ByteCounts bytes) {}
