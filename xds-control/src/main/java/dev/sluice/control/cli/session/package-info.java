/**
 * One run of the command line: its options, its surroundings, its connection, and how it ends.
 * Knows no kind of resource; imports {@code output}. For one thread.
 */
@NullMarked
package dev.sluice.control.cli.session;

import org.jspecify.annotations.NullMarked;
