/** The command line of experiments. */
@NullMarked
package dev.sluice.chaos.cli;

import org.jspecify.annotations.NullMarked;
