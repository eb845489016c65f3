/**
 * The kinds of resources: how each is named, listed, created and changed, and the columns of its
 * table. Imports {@code session} and {@code output}. Immutable, but for what waits on a call.
 */
@NullMarked
package dev.sluice.control.cli.resource;

import org.jspecify.annotations.NullMarked;
