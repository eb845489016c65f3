/**
 * Taps: copies of exchanges for people who look for a fault. A filter begins a {@link
 * dev.sluice.proxy.tap.Tapping}, which looks at the exchange on its way and hands what it saw to an
 * outlet. Imports {@code exchange} and {@code snapshot}. An exchange is recorded on its own event
 * loop; outlets take from all loops and never make one wait.
 */
@NullMarked
package dev.sluice.proxy.tap;

import org.jspecify.annotations.NullMarked;
