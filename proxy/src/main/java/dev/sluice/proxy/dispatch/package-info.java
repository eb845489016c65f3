/**
 * Executes a plan (Forward, Shadow, DualWrite, Refuse): begins attempts, passes on what is answered
 * or answers itself, and ends what takes too long. Loop-owned.
 */
@NullMarked
package dev.sluice.proxy.dispatch;

import org.jspecify.annotations.NullMarked;
