/**
 * Executes a plan (Forward, Shadow, DualWrite, Refuse): attempts, retries, fallback, timeouts.
 * Loop-owned.
 */
@NullMarked
package dev.sluice.proxy.dispatch;

import org.jspecify.annotations.NullMarked;
