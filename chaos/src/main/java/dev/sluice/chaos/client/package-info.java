/**
 * Clients that hold on to a server: slow to ask, or slow to take what they asked for. Start at
 * {@code SlowClients}. Imports the rule of {@code load} for what may be a target. Connections
 * belong to one event loop.
 */
@NullMarked
package dev.sluice.chaos.client;

import org.jspecify.annotations.NullMarked;
