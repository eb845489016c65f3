/** The command line; knows the contract only. */
@NullMarked
package dev.sluice.control.cli;

import org.jspecify.annotations.NullMarked;
