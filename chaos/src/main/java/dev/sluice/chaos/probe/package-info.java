/**
 * Does what one activity says: a request over HTTP or a program. Start at {@code Activities}.
 * Imports {@code experiment}. Blocks the thread that calls it.
 */
@NullMarked
package dev.sluice.chaos.probe;

import org.jspecify.annotations.NullMarked;
