/**
 * The command line of experiments, {@code sluice chaos}. Start at {@code CommandTree}. Imports all
 * of the module; each command runs on the main thread.
 */
@NullMarked
package dev.sluice.chaos.cli;

import org.jspecify.annotations.NullMarked;
