package dev.sluice.control.cli.output;

import java.util.function.Function;

/**
 * A column of a table. Immutable.
 *
 * @param title upper case
 * @param value text of one row
 */
public record Column<R>(String title, Function<R, String> value) {}
