/**
 * Listening sockets that go from a process to the one that takes its place, over a UNIX socket;
 * read HandOverWire first. Linux only.
 */
@NullMarked
package dev.sluice.proxy.handover;

import org.jspecify.annotations.NullMarked;
