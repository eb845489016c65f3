/**
 * Sends the requests of a load over HTTP/1.1 and reads their answers. Start at {@code HttpSender}.
 * All but that class is owned by one event loop, which no call blocks.
 */
@NullMarked
package dev.sluice.chaos.load.http;

import org.jspecify.annotations.NullMarked;
