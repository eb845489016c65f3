/**
 * The form of events in the log: one JSON object per event, with names that outlive the classes.
 * Pure; imports {@code change} and {@code spec}. Stateless.
 */
@NullMarked
package dev.sluice.control.change.codec;

import org.jspecify.annotations.NullMarked;
