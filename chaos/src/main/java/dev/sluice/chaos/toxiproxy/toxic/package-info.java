/**
 * What toxics do to bytes: {@code Stages} makes the stage of a {@code Toxic}, and each stage gives
 * to the next one what it lets through. Imports nothing of ours. Stages are owned by the event loop
 * of their connection.
 */
@NullMarked
package dev.sluice.chaos.toxiproxy.toxic;

import org.jspecify.annotations.NullMarked;
