/**
 * The command line, a client of the admin API; knows the contract only. {@link CommandTree} puts
 * the commands of {@code command} under their nouns and says how each run ends. One thread runs one
 * command.
 */
@NullMarked
package dev.sluice.control.cli;

import org.jspecify.annotations.NullMarked;
