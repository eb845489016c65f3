/**
 * A server inside the process that speaks the wire of Toxiproxy 2.12: the HTTP API and its toxics
 * on TCP connections. Start at {@code ToxiproxyServer}. Two kinds of threads: one API thread owns
 * the proxies and may block; each connection is owned by one event loop, which never blocks.
 * Imports {@code toxic}, which says what toxics do to bytes.
 */
@NullMarked
package dev.sluice.chaos.toxiproxy;

import org.jspecify.annotations.NullMarked;
