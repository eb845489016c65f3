/**
 * What a command does to a catalog: events, or every problem. {@link
 * dev.sluice.control.lifecycle.Lifecycle} hands each command to the rules of its resource, each in
 * the package of its noun. Pure.
 */
@NullMarked
package dev.sluice.control.lifecycle;

import org.jspecify.annotations.NullMarked;
