/**
 * What a command prints: tables, JSON, YAML, and how values are written for people. Imports no
 * other package of the command line. For one thread.
 */
@NullMarked
package dev.sluice.control.cli.output;

import org.jspecify.annotations.NullMarked;
