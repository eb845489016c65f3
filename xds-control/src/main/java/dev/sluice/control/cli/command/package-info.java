/**
 * The commands that do more than the standard methods, and the standard ones for every kind.
 * Imports {@code resource}, {@code session} and {@code output}. Each object is for one run on one
 * thread.
 */
@NullMarked
package dev.sluice.control.cli.command;

import org.jspecify.annotations.NullMarked;
